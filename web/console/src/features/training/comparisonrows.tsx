// SPDX-License-Identifier: Apache-2.0
//
// The rows of a comparison: what stops the release first, what got worse, what got better, what buyers said that is
// heard otherwise, what is taken for what. A turn becomes a test case with one press.
import { Button, Checkbox, Form, Modal } from 'antd';
import { ArrowRight, ClipboardPlus, ListChecks } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UNCLEAR, useTeaching, type Compared, type Comparison, type Heard } from '../../api/training.ts';
import { useFigures } from '../../ui/figures.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { Nothing } from '../../ui/states.tsx';
import { confusions, firstList, LISTS, rowsByList, type List } from './comparison.ts';
import { useComplain } from './deeds.ts';
import { IntentSelect, useIntentName } from '../../ui/intents.tsx';

type Shown = List | 'confused';

/** `beside`: name of what it is compared with. */
export function ComparisonRows({ comparison, beside }: { comparison: Comparison; beside: string }) {
  const { t } = useTranslation();
  const { number } = useFigures();
  const lists = useMemo(() => rowsByList(comparison.rows), [comparison]);
  const confused = useMemo(() => confusions(comparison.rows), [comparison]);
  const [chosen, setChosen] = useState<Shown | null>(null);
  const [saved, setSaved] = useState<Compared | null>(null);
  const shown = chosen ?? firstList(lists);
  const count = (list: Shown) =>
    list === 'confused'
      ? confused.length
      : list === 'changed'
        ? comparison.turns_changed + caseCount(lists.changed)
        : lists[list].length;
  const tabs = ([...LISTS, 'confused'] as const).filter((list) => list === shown || count(list) > 0);

  return (
    <section className="compared">
      <h3>{t('training.comparison', { name: beside })}</h3>
      <div className="tabs" role="group" aria-label={t('training.comparison', { name: beside })}>
        {tabs.map((list) => (
          <button key={list} type="button" aria-pressed={list === shown} onClick={() => setChosen(list)}>
            {t(`training.list.${list}`)}
            <b>{number(count(list))}</b>
          </button>
        ))}
      </div>
      <p className="quiet">{t(`training.listHint.${shown}`, { name: beside })}</p>
      {shown === 'confused' ? (
        <Confusions pairs={confused} />
      ) : lists[shown].length === 0 ? (
        <Nothing text={t('training.listNone')} icon={ListChecks} />
      ) : (
        <ul className="plain-list">
          {lists[shown].map((row) => (
            <Row key={`${row.kind} ${row.text}`} row={row} onSave={() => setSaved(row)} />
          ))}
        </ul>
      )}
      {saved && <SaveCase row={saved} onClose={() => setSaved(null)} />}
    </section>
  );
}

const caseCount = (rows: Compared[]) => rows.filter((row) => row.kind === 'case').length;

function Row({ row, onSave }: { row: Compared; onSave(): void }) {
  const { t } = useTranslation();
  const nameOf = useIntentName();
  return (
    <li className={`compared-row compared-${row.verdict}`}>
      <div>
        <p>
          {row.text} {row.must_pass && <span className="tag tag-alert">{t('training.mustPassTag')}</span>}
        </p>
        {row.expected !== undefined && <small>{t('training.expected', { name: nameOf(row.expected) })}</small>}
      </div>
      <HeardAs heard={row.before} right={row.expected === undefined ? null : row.before.intent === row.expected} />
      <ArrowRight size={15} role="img" aria-label={t('training.becomes')} />
      <HeardAs heard={row.after} right={row.expected === undefined ? null : row.after.intent === row.expected} />
      {row.kind === 'turn' && (
        <Button
          type="text"
          size="small"
          icon={<ClipboardPlus size={15} aria-hidden="true" />}
          aria-label={t('training.toCase', { text: row.text })}
          title={t('training.toCaseShort')}
          onClick={onSave}
        />
      )}
    </li>
  );
}

function HeardAs({ heard, right }: { heard: Heard; right: boolean | null }) {
  const { t } = useTranslation();
  const { percent } = useFigures();
  const nameOf = useIntentName();
  const unsure = heard.intent === UNCLEAR && heard.guess !== UNCLEAR && heard.guess !== '';
  return (
    <span className={right === null ? 'heard' : right ? 'heard heard-right' : 'heard heard-wrong'}>
      <b>{nameOf(heard.intent)}</b>
      <small>
        {unsure && `${t('training.guess', { name: nameOf(heard.guess) })} · `}
        {percent(heard.confidence)}
        {right !== null && <span className="sr-only"> {t(right ? 'training.right' : 'training.wrong')}</span>}
      </small>
    </span>
  );
}

function Confusions({ pairs }: { pairs: ReturnType<typeof confusions> }) {
  const { t } = useTranslation();
  const { number } = useFigures();
  const nameOf = useIntentName();
  return (
    <ul className="plain-list">
      {pairs.map((pair) => (
        <li key={`${pair.expected} ${pair.heard}`} className="compared-row">
          <div>
            <p>
              <b>{nameOf(pair.expected)}</b> <ArrowRight size={14} role="img" aria-label={t('training.takenFor')} />{' '}
              <b>{nameOf(pair.heard)}</b>
            </p>
            <small>{pair.texts.slice(0, 3).join(' · ')}</small>
          </div>
          <span className="tag">×{number(pair.count)}</span>
        </li>
      ))}
    </ul>
  );
}

function SaveCase({ row, onClose }: { row: Compared; onClose(): void }) {
  const { t } = useTranslation();
  const { save } = useTeaching('cases');
  const complain = useComplain();
  useReturnFocus();
  const guess = row.after.intent === UNCLEAR ? row.before.intent : row.after.intent;
  const [intent, setIntent] = useState<string | undefined>(guess === UNCLEAR ? undefined : guess);
  const [mustPass, setMustPass] = useState(false);
  return (
    <Modal
      open
      title={t('training.toCaseShort')}
      okText={t('training.saveCase')}
      onCancel={onClose}
      okButtonProps={{ disabled: intent === undefined, loading: save.isPending }}
      onOk={() =>
        save.mutate({ text: row.text, intent: intent!, must_pass: mustPass }, { onSuccess: onClose, onError: complain })
      }
    >
      <p className="said-one">{row.text}</p>
      <Form layout="vertical">
        <Form.Item label={t('training.mustBeHeard')}>
          <IntentSelect value={intent} onChange={setIntent} label={t('training.mustBeHeard')} />
        </Form.Item>
        <Checkbox checked={mustPass} onChange={(event) => setMustPass(event.target.checked)}>
          {t('training.mustPassCheck')}
        </Checkbox>
      </Form>
    </Modal>
  );
}
