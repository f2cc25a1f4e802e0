// SPDX-License-Identifier: Apache-2.0
//
// What has to be said before something is done with texts: the answer, the entry, the intent, the group to merge
// into. Ignoring needs nothing said; it can be undone like the rest.
import { Button, Input, Modal, Radio } from 'antd';
import { BookOpenText, Search, TriangleAlert } from 'lucide-react';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKnowledge, useSame } from '../../api/knowledge.ts';
import type { DeedKind, Group } from '../../api/training.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { FIRST, focusFirst, useReturnFocus } from '../../ui/focus.ts';
import { AnswerBubble, BuyersView } from '../knowledge/bubble.tsx';
import { likelyIntent } from './groups.ts';
import { IntentPicker } from '../../ui/intents.tsx';
import type { Wish } from './questions.tsx';

const LIMITS = { question: 500, answer: 5000 };
const MOST_SAID = 4;
/** From here on the nearest entry is worth a look. */
const NEAR = 0.5;

interface Props {
  wish: Wish;
  others: Group[];
  busy: boolean;
  onClose(): void;
  /** `kind`: when it turned out to be another thing than what was begun. */
  onDo(more: { intent?: string; entry?: string; question?: string; answer?: string }, kind?: DeedKind): void;
  onMerge(into: string): void;
}

export function DeedDialog(props: Props) {
  switch (props.wish.kind) {
    case 'write':
      return <Write {...props} />;
    case 'similar':
      return <Similar {...props} />;
    case 'assign':
      return <Assign {...props} />;
    case 'merge':
      return <Merge {...props} />;
    case 'ignore':
      return null;
  }
}

interface FrameProps {
  wish: Wish;
  busy: boolean;
  ready: boolean;
  onClose(): void;
  onOk(): void;
  children: ReactNode;
}

function Frame({ wish, busy, ready, onClose, onOk, children }: FrameProps) {
  const { t } = useTranslation();
  const said = [...new Set(wish.texts)];
  useReturnFocus();
  return (
    <Modal
      open
      width={600}
      title={t(`training.dialog.${wish.kind}`)}
      afterOpenChange={focusFirst}
      onCancel={onClose}
      onOk={onOk}
      okText={t(`training.submit.${wish.kind}`)}
      okButtonProps={{ disabled: !ready, loading: busy }}
    >
      <p className="quiet">{t(`training.lead.${wish.kind}`)}</p>
      <ul className="plain-list said" aria-label={t('training.texts')}>
        {said.slice(0, MOST_SAID).map((text) => (
          <li key={text}>{text}</li>
        ))}
        {said.length > MOST_SAID && <li>…</li>}
      </ul>
      {children}
    </Modal>
  );
}

// ---- a new answer -----------------------------------------------------------------------------------------

function Write({ wish, busy, onClose, onDo }: Props) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState(wish.texts[0] ?? '');
  const [answer, setAnswer] = useState('');
  const ready = question.trim() !== '' && answer.trim() !== '';
  return (
    <Frame
      wish={wish}
      busy={busy}
      ready={ready}
      onClose={onClose}
      onOk={() => onDo({ question: question.trim(), answer: answer.trim() })}
    >
      <label className="field">
        <span>{t('training.question')}</span>
        <Input value={question} maxLength={LIMITS.question} onChange={(event) => setQuestion(event.target.value)} />
      </label>
      <SameAsked question={useDeferredValue(question.trim())} onUse={(entry) => onDo({ entry }, 'similar')} />
      <label className="field">
        <span>{t('training.answer')}</span>
        <Input.TextArea
          {...FIRST}
          rows={5}
          value={answer}
          maxLength={LIMITS.answer}
          showCount
          placeholder={t('training.answerHint')}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </label>
      {answer.trim() !== '' && (
        <div className="preview">
          <small>{t('training.preview')}</small>
          <BuyersView asked={question}>
            <AnswerBubble text={answer} />
          </BuyersView>
        </div>
      )}
    </Frame>
  );
}

/** Somebody may have answered it already; then its wording is all that is missing. */
function SameAsked({ question, onUse }: { question: string; onUse(entry: string): void }) {
  const { t } = useTranslation();
  const same = useSame('', question, []);
  const found = same.data?.[0];
  if (!found) return null;
  return (
    <p className="same" role="status">
      <TriangleAlert size={15} aria-hidden="true" />
      <span>{t('training.sameAsked', { question: found.question })}</span>
      <Button type="link" size="small" onClick={() => onUse(found.id)}>
        {t('training.deed.similar')}
      </Button>
    </p>
  );
}

// ---- an entry that is there -------------------------------------------------------------------------------

function Similar({ wish, busy, onClose, onDo }: Props) {
  const { t } = useTranslation();
  const nearest = wish.groups.find((group) => (group.entry?.match ?? 0) >= NEAR)?.entry ?? null;
  const [entry, setEntry] = useState<string | null>(null);
  const [q, setQ] = useState(nearest?.question ?? '');
  const asked = useDeferredValue(q.trim());
  const entries = useKnowledge({ q: asked, layer: '', state: 'in_use' });
  const rows = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Frame
      wish={wish}
      busy={busy}
      ready={entry !== null}
      onClose={onClose}
      onOk={() => entry !== null && onDo({ entry })}
    >
      <Input
        {...FIRST}
        allowClear
        value={q}
        maxLength={60}
        onChange={(event) => {
          setQ(event.target.value);
          setEntry(null);
        }}
        prefix={<Search size={15} aria-hidden="true" />}
        placeholder={t('training.searchEntry')}
        aria-label={t('training.searchEntry')}
      />
      <div className="options">
        {entries.isPending && <Bones rows={4} />}
        {entries.isError && !entries.data && <Failed error={entries.error} onRetry={() => void entries.refetch()} />}
        {entries.data && rows.length === 0 && <Nothing text={t('training.noEntry')} icon={BookOpenText} />}
        <Radio.Group
          value={entry}
          onChange={(event) => setEntry(event.target.value as string)}
          aria-label={t('training.searchEntry')}
        >
          {rows.map((row) => (
            <Radio key={row.id} value={row.id}>
              <b>{row.question}</b>
              <small className="clamp">{row.answer}</small>
            </Radio>
          ))}
        </Radio.Group>
        {entries.hasNextPage && (
          <Button type="link" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t('training.loadMore')}
          </Button>
        )}
      </div>
    </Frame>
  );
}

// ---- an intent --------------------------------------------------------------------------------------------

function Assign({ wish, busy, onClose, onDo }: Props) {
  const [intent, setIntent] = useState<string | null>(wish.groups[0] ? likelyIntent(wish.groups[0]) : null);
  const likely = wish.groups.flatMap((group) => [group.corrected?.id, group.intent.id]);
  return (
    <Frame
      wish={wish}
      busy={busy}
      ready={intent !== null}
      onClose={onClose}
      onOk={() => intent !== null && onDo({ intent })}
    >
      <IntentPicker value={intent} likely={likely} onChange={setIntent} onSubmit={(id) => onDo({ intent: id })} />
    </Frame>
  );
}

// ---- another group ----------------------------------------------------------------------------------------

function Merge({ wish, others, busy, onClose, onMerge }: Props) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [into, setInto] = useState<string | null>(null);
  const shown = others.filter((group) => [group.text, ...group.examples].some((text) => text.includes(q.trim())));
  return (
    <Frame wish={wish} busy={busy} ready={into !== null} onClose={onClose} onOk={() => into !== null && onMerge(into)}>
      <Input
        {...FIRST}
        allowClear
        value={q}
        onChange={(event) => setQ(event.target.value)}
        prefix={<Search size={15} aria-hidden="true" />}
        placeholder={t('training.search')}
        aria-label={t('training.search')}
      />
      <div className="options">
        {shown.length === 0 && <Nothing text={t('training.notFound')} icon={Search} />}
        <Radio.Group
          value={into}
          onChange={(event) => setInto(event.target.value as string)}
          aria-label={t('training.dialog.merge')}
        >
          {shown.map((group) => (
            <Radio key={group.id} value={group.id}>
              <b>{group.text}</b>
              <small>{t('training.times', { count: group.size, text: String(group.size) })}</small>
            </Radio>
          ))}
        </Radio.Group>
      </div>
    </Frame>
  );
}
