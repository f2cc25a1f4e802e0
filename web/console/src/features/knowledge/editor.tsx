// SPDX-License-Identifier: Apache-2.0
//
// The editor of an entry: the question and its other wordings, the answer with its preview, when it counts, and what
// else would answer the same question.
//
// Always true: what is not saved is not lost without being asked about; somebody else's change since is never
// overwritten unnoticed; everything that was saved can be taken back.
import type { KnowledgeEntry, KnowledgeSaved, KnowledgeText } from '@xiaoer/protocol/wire';
import { App, Button, Input, Modal, Popconfirm, Select } from 'antd';
import { Archive, ArrowLeft, FlaskConical } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker, useNavigate, useSearchParams, type BlockerFunction } from 'react-router';
import { isFault } from '../../api/http.ts';
import { useMe } from '../../api/queries.ts';
import { useLayout } from '../../app/layout.ts';
import { Keys } from '../../ui/kbd.tsx';
import { RequestId, faultText } from '../../ui/states.tsx';
import { AnswerField } from './answer.tsx';
import { AnswerBubble, BuyersView } from './bubble.tsx';
import { ConditionFields } from './conditions.tsx';
import { useEntryDeeds } from './deeds.tsx';
import { useKnowledgeDesk } from './desk.ts';
import {
  BLANK,
  LAYERS,
  LIMITS,
  draftOf,
  entryOf,
  isChanged,
  linesOf,
  problemsOf,
  withSimilar,
  type Draft,
} from './draft.ts';
import { refusalText } from './refusals.ts';
import { SameWarning } from './same.tsx';
import { SimilarField } from './similar.tsx';
import { ValidityField } from './validityfield.tsx';
import { Versions } from './versions.tsx';
import { DaysPill, Used } from './words.tsx';

/** What stands above an entry: the way back on a phone, its question, its state, what can be done with it. */
export function EntryHead({ entry, title, children }: { entry?: KnowledgeEntry; title: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useLayout() === 'narrow';
  return (
    <header className="kb-entry-head">
      {narrow && (
        <Button
          type="text"
          autoFocus={entry !== undefined}
          icon={<ArrowLeft size={18} aria-hidden="true" />}
          aria-label={t('knowledge.back')}
          onClick={() => void navigate('/knowledge')}
        />
      )}
      <div className="kb-entry-title">
        <h1>{title}</h1>
        {entry && (
          <p>
            <code>{entry.id}</code> <DaysPill entry={entry} />
          </p>
        )}
      </div>
      {children}
    </header>
  );
}

interface Held {
  draft: Draft;
  /** What the draft was made from, and its version. */
  base: Draft;
  stored?: KnowledgeText;
  version: number;
}

export function Editor({ entry, first }: { entry?: KnowledgeEntry; first?: Draft }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const zone = useMe().data!.shop.time_zone;
  const [query] = useSearchParams();
  const deeds = useEntryDeeds();
  const { tryOut } = useKnowledgeDesk();
  const hold = (saved: KnowledgeEntry | KnowledgeSaved): Held => {
    const base = draftOf(saved, zone);
    return { draft: base, base, stored: saved, version: saved.version };
  };
  const [held, setHeld] = useState<Held>(() =>
    entry ? hold(entry) : { draft: first ?? BLANK, base: BLANK, version: 0 },
  );
  /** Problems are told once somebody has tried to save. */
  const [tried, setTried] = useState(false);
  const { draft, base, stored, version } = held;
  const changed = isChanged(draft, base);
  const problems = problemsOf(draft);
  const told = tried ? problems : problems.filter((one) => !one.endsWith('Missing') && one !== 'daysUnread');
  const leaving = useRef(false);
  const edit = (next: Draft) => setHeld((before) => ({ ...before, draft: next }));

  // A newer state than the one that is edited: taken over when nothing was changed here, else told.
  const stale = entry !== undefined && entry.version > version;
  const canFollow = stale && !changed;
  useEffect(() => {
    if (canFollow) setHeld(hold(entry));
    // Only the version tells that it is another state.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [canFollow, entry?.version]);

  // "Add as a similar question", from the test box or the training page.
  const wording = query.get('similar');
  useEffect(() => {
    if (wording === null) return;
    setHeld((before) => ({ ...before, draft: withSimilar(before.draft, linesOf(wording)) }));
    void navigate('.', { replace: true });
  }, [wording, navigate]);

  const save = async (over = false) => {
    setTried(true);
    if (problems.length > 0 || deeds.save.isPending) return;
    try {
      const wish = { id: entry?.id ?? '', entry: entryOf(draft, zone, stored), version: over ? 0 : version };
      const saved = await deeds.save.mutateAsync(wish);
      const before = over ? (entry?.version ?? 0) : version;
      setTried(false);
      deeds.saved(saved, before);
      if (entry) return setHeld(hold(saved));
      leaving.current = true;
      await navigate(`/knowledge/${saved.id}`, { replace: true });
    } catch {
      // Told beside the buttons.
    }
  };

  const drop = async () => {
    if (!entry) return;
    leaving.current = true;
    if (await deeds.archive(entry)) void navigate('/knowledge');
    else leaving.current = false;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (changed) void save();
  };

  const questionId = useId();
  const problem = (name: (typeof problems)[number]) =>
    told.includes(name) ? (
      <p className="kb-problem" role="alert">
        {t(`knowledge.problem.${name}`)}
      </p>
    ) : null;

  return (
    <main className="kb-entry" onKeyDown={onKeyDown}>
      <EntryHead entry={entry} title={entry ? base.question : t('knowledge.newTitle')}>
        <Button
          icon={<FlaskConical size={15} aria-hidden="true" />}
          disabled={draft.question.trim() === ''}
          aria-label={t('knowledge.tryThis')}
          onClick={() => {
            if (changed) void message.info(t('knowledge.tryOld'));
            tryOut(draft.question.trim());
          }}
        >
          <span className="kb-wide-only">{t('knowledge.tryThis')}</span>
        </Button>
        {entry && (
          <Popconfirm
            title={t('knowledge.archiveAsk')}
            description={t('knowledge.archiveHint')}
            okText={t('knowledge.archive')}
            onConfirm={() => void drop()}
          >
            <Button
              icon={<Archive size={15} aria-hidden="true" />}
              aria-label={t('knowledge.archive')}
              loading={deeds.busy}
            >
              <span className="kb-wide-only">{t('knowledge.archive')}</span>
            </Button>
          </Popconfirm>
        )}
      </EntryHead>

      <div className="kb-body">
        <div className="kb-form">
          {stale && changed && <Stale onTake={() => setHeld(hold(entry))} />}

          <div className="kb-field">
            <label htmlFor={questionId}>{t('knowledge.question')}</label>
            <Input.TextArea
              id={questionId}
              autoFocus={!entry && draft.question === ''}
              autoSize={{ minRows: 1, maxRows: 4 }}
              value={draft.question}
              maxLength={LIMITS.question}
              status={told.some((one) => one.startsWith('question')) ? 'error' : undefined}
              placeholder={t('knowledge.questionHint')}
              onChange={(event) => edit({ ...draft, question: event.target.value.replace(/\n/g, ' ') })}
            />
            {problem('questionMissing')}
            {problem('questionLong')}
            <SameWarning id={entry?.id ?? ''} draft={draft} />
          </div>

          <SimilarField draft={draft} onChange={edit}>
            {problem('similarMany')}
            {problem('similarLong')}
          </SimilarField>

          <AnswerField draft={draft} onChange={edit} wrong={told.some((one) => one.startsWith('answer'))}>
            {problem('answerMissing')}
            {problem('answerLong')}
          </AnswerField>

          <LayerField draft={draft} onChange={edit} />
          <ConditionFields draft={draft} onChange={edit}>
            {problem('valuesMany')}
          </ConditionFields>
          <ValidityField draft={draft} onChange={edit} zone={zone}>
            {problem('daysMissing')}
            {problem('daysUnread')}
            {problem('daysTurned')}
          </ValidityField>
        </div>

        <aside className="kb-side" aria-label={t('knowledge.preview')}>
          <section className="kb-card">
            <h2>{t('knowledge.preview')}</h2>
            <BuyersView asked={draft.question.trim()}>
              {draft.answer.trim() === '' ? (
                <p className="quiet">{t('knowledge.noAnswer')}</p>
              ) : (
                <AnswerBubble text={draft.answer} />
              )}
            </BuyersView>
          </section>
          {entry && (
            <section className="kb-card kb-used">
              <h2>{t('knowledge.usedLabel')}</h2>
              <Used used={entry.used} />
            </section>
          )}
          {entry && <Versions entry={entry} blocked={changed} />}
        </aside>
      </div>

      <SaveBar
        changed={changed}
        fresh={!entry}
        busy={deeds.save.isPending}
        error={deeds.save.error}
        onSave={(over) => void save(over)}
        onDrop={() => {
          deeds.save.reset();
          setTried(false);
          if (entry) setHeld(hold(entry));
          else void navigate('/knowledge');
        }}
      />
      <LeaveGuard changed={changed} leaving={leaving} />
    </main>
  );
}

// ---- the layer --------------------------------------------------------------------------------------------

function LayerField({ draft, onChange }: { draft: Draft; onChange(draft: Draft): void }) {
  const { t } = useTranslation();
  return (
    <div className="kb-field">
      <span className="kb-label">{t('knowledge.layerLabel')}</span>
      <div className="kb-layer">
        <Select
          value={draft.layer}
          onChange={(layer) => onChange({ ...draft, layer })}
          aria-label={t('knowledge.layerLabel')}
          popupMatchSelectWidth={false}
          options={LAYERS.map((one) => ({ value: one, label: t(`knowledge.layer.${one}`) }))}
          optionRender={(option) => (
            <span className="kb-layer-option">
              <span>{option.label}</span>
              <small>{t(`knowledge.layerHint.${option.value}`)}</small>
            </span>
          )}
        />
        {draft.layer === 'shop' && (
          <label className="kb-check">
            <input
              type="checkbox"
              checked={draft.override}
              onChange={(event) => onChange({ ...draft, override: event.target.checked })}
            />
            {t('knowledge.override')}
          </label>
        )}
      </div>
      <p className="kb-hint">
        {draft.layer === 'shop' && draft.override
          ? t('knowledge.overrideHint')
          : t(`knowledge.layerHint.${draft.layer}`)}
      </p>
    </div>
  );
}

// ---- saving -----------------------------------------------------------------------------------------------

function Stale({ onTake }: { onTake(): void }) {
  const { t } = useTranslation();
  return (
    <div className="kb-notice" role="alert">
      {t('knowledge.stale')}{' '}
      <Button size="small" onClick={onTake}>
        {t('knowledge.takeTheirs')}
      </Button>
    </div>
  );
}

interface SaveProps {
  changed: boolean;
  fresh: boolean;
  busy: boolean;
  error: unknown;
  onSave(over?: boolean): void;
  onDrop(): void;
}

function SaveBar({ changed, fresh, busy, error, onSave, onDrop }: SaveProps) {
  const { t } = useTranslation();
  const theirs = isFault(error, 409);
  const text = isFault(error, 422) && error.code === 'bad_entry' ? refusalText(error.message, t) : null;
  return (
    <footer className="kb-save">
      <div className="kb-save-words" aria-live="polite">
        {error != null ? (
          <span className="kb-problem" role="alert">
            {text ?? faultText(error, t)} <RequestId error={error} />
          </span>
        ) : (
          <span className="quiet">
            {t(changed ? 'knowledge.unsaved' : fresh ? 'knowledge.lead' : 'knowledge.allSaved')}
          </span>
        )}
      </div>
      {theirs && <Button onClick={() => onSave(true)}>{t('knowledge.saveOver')}</Button>}
      {(changed || fresh) && <Button onClick={onDrop}>{t('knowledge.drop')}</Button>}
      <Button type="primary" disabled={!changed} loading={busy} onClick={() => onSave()}>
        {t('knowledge.save')}
        <span className="kb-wide-only">
          <Keys keys="Ctrl+Enter" />
        </span>
      </Button>
    </footer>
  );
}

/** Asks before what is not saved would be lost, by another page or by closing the window. */
function LeaveGuard({ changed, leaving }: { changed: boolean; leaving: { current: boolean } }) {
  const { t } = useTranslation();
  const blocker = useBlocker(
    useCallback<BlockerFunction>(
      ({ currentLocation: here, nextLocation: there }) => {
        if (!changed || leaving.current) return false;
        return here.pathname !== there.pathname || (there.search !== '' && !there.search.startsWith('?similar='));
      },
      [changed, leaving],
    ),
  );

  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);

  if (blocker.state !== 'blocked') return null;
  return (
    <Modal
      open
      title={t('knowledge.leaveTitle')}
      okText={t('knowledge.stay')}
      cancelText={t('knowledge.leave')}
      onOk={() => blocker.reset()}
      onCancel={(event) => {
        // The cross and Esc mean "not yet"; only the button leaves.
        const button = (event.target as HTMLElement).closest('.ant-modal-footer');
        if (button) blocker.proceed();
        else blocker.reset();
      }}
    >
      <p>{t('knowledge.leaveText')}</p>
    </Modal>
  );
}
