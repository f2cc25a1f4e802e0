// SPDX-License-Identifier: Apache-2.0
//
// The table of scenarios and solutions: what agents are shown for a problem, how often they take it, and what the shop
// changes of it. What ships can be changed or switched off, and be had back as it was.
import { Button, Input, Popconfirm, Select, Switch } from 'antd';
import { Lightbulb, Pencil, Plus, RotateCcw, Search, Trash2 } from 'lucide-react';
import { App } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  KINDS,
  useSolutionActions,
  useSolutionTable,
  type SolutionKind,
  type SolutionRow,
} from '../../api/solutions.ts';
import { useTeaches } from '../../api/knowledge.ts';
import { useFigures } from '../../ui/figures.ts';
import { useIntentName } from '../../ui/intents.tsx';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { SolutionEditor } from './editor.tsx';
import { BLANK, conditionsOf } from './solution.ts';
import './solutions.css';

export function Solutions() {
  const { t } = useTranslation();
  const table = useSolutionTable();
  const mayChange = useTeaches();
  const [q, setQ] = useState('');
  const [kind, setKind] = useState<SolutionKind | ''>('');
  const [edited, setEdited] = useState<SolutionRow | null>(null);
  const wanted = useDeferredValue(q.trim().toLowerCase());
  const shown = (table.data ?? [])
    .filter((row) => kind === '' || row.kind === kind)
    .filter((row) => `${row.id} ${row.title} ${row.why} ${row.text} ${row.intents}`.toLowerCase().includes(wanted))
    .sort((a, b) => b.used - a.used || a.intents.localeCompare(b.intents) || b.weight - a.weight);

  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('solutions.title')}</h2>
          <p className="quiet">{t('solutions.lead')}</p>
        </div>
        {mayChange && (
          <Button type="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEdited(BLANK)}>
            {t('solutions.add')}
          </Button>
        )}
      </div>
      <div className="tools">
        <Input
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
          prefix={<Search size={15} aria-hidden="true" />}
          placeholder={t('solutions.search')}
          aria-label={t('solutions.search')}
        />
        <Select<SolutionKind | ''>
          value={kind}
          onChange={setKind}
          aria-label={t('solutions.kindLabel')}
          options={[
            { value: '', label: t('solutions.anyKind') },
            ...KINDS.map((one) => ({ value: one, label: t(`solutions.kind.${one}`) })),
          ]}
          style={{ minWidth: 150 }}
        />
      </div>
      {table.isPending && <Bones rows={6} />}
      {table.isError && !table.data && <Failed error={table.error} onRetry={() => void table.refetch()} />}
      {table.data && shown.length === 0 && <Nothing text={t('solutions.notFound')} icon={Lightbulb} />}
      {shown.length > 0 && (
        <ul className="plain-list row-list" aria-label={t('solutions.title')}>
          {shown.map((row) => (
            <Row key={row.id} row={row} mayChange={mayChange} onEdit={() => setEdited(row)} />
          ))}
        </ul>
      )}
      {edited && <SolutionEditor row={edited} onClose={() => setEdited(null)} />}
    </main>
  );
}

function Row({ row, mayChange, onEdit }: { row: SolutionRow; mayChange: boolean; onEdit(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const figures = useFigures();
  const nameOf = useIntentName();
  const { save, drop } = useSolutionActions();
  const onError = (error: unknown) => void message.error(faultText(error, t));
  const turn = (on: boolean) => {
    const { id, own: _own, used: _used, used_first: _first, ...rest } = row;
    save.mutate({ id, ...rest, off: !on, version: row.own ? row.version : 0 }, { onError });
  };
  return (
    <li className={`row-card solution-row ${row.off ? 'row-off' : ''}`}>
      <div className="row-main">
        <p>
          <b>{row.title}</b> <span className={`tag tag-kind-${row.kind}`}>{t(`solutions.kind.${row.kind}`)}</span>
          {row.own && <span className="tag tag-tint">{t('solutions.own')}</span>}
        </p>
        <p className="quiet">{row.why}</p>
        <p className="solution-when">
          {conditionsOf(row, nameOf, t).map((text) => (
            <span className="chip chip-mute" key={text}>
              {text}
            </span>
          ))}
          {row.policy !== '' && <code title={t('solutions.policy')}>{row.policy}</code>}
        </p>
      </div>
      <span className="solution-used" title={t('solutions.usedHint')}>
        <b>{figures.number(row.used)}</b>
        <small>
          {row.used > 0
            ? t('solutions.usedFirst', { percent: figures.percent(row.used_first / row.used) })
            : t('solutions.notUsed')}
        </small>
      </span>
      {mayChange && (
        <span className="row-deeds">
          <Switch
            size="small"
            checked={!row.off}
            loading={save.isPending}
            aria-label={t('solutions.on', { title: row.title })}
            onChange={turn}
          />
          <Button
            type="text"
            size="small"
            icon={<Pencil size={15} aria-hidden="true" />}
            aria-label={t('solutions.edit', { title: row.title })}
            onClick={onEdit}
          />
          {row.own && (
            <Popconfirm
              title={t('solutions.dropAsk', { title: row.title })}
              description={t('solutions.dropHint')}
              okText={t('solutions.drop')}
              onConfirm={() => drop.mutate(row.id, { onError })}
            >
              <Button
                type="text"
                size="small"
                icon={
                  row.version > 0 ? <RotateCcw size={15} aria-hidden="true" /> : <Trash2 size={15} aria-hidden="true" />
                }
                aria-label={t('solutions.dropOne', { title: row.title })}
              />
            </Popconfirm>
          )}
        </span>
      )}
    </li>
  );
}
