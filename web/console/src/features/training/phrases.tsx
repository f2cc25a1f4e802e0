// SPDX-License-Identifier: Apache-2.0
//
// The intents, and what the shop's own buyers say for each: the utterances that training adds to the shipped ones.
import { App, Button, Input, Popconfirm } from 'antd';
import { ArrowLeft, FileUp, MessageSquareText, Plus, Search, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useIntents, useTeaching, useUtterances, type Intent } from '../../api/training.ts';
import { useLayout } from '../../app/layout.ts';
import { useListKeys } from '../../app/listkeys.ts';
import { useFigures } from '../../ui/figures.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { ImportDialog } from '../knowledge/importer.tsx';
import { useComplain } from './deeds.ts';
import { stepFrom } from './groups.ts';

const MOST_LETTERS = 100;

export function Phrases() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = null } = useParams();
  const narrow = useLayout() === 'narrow';
  const intents = useIntents();
  const [q, setQ] = useState('');
  const [onlyOwn, setOnlyOwn] = useState(false);
  const words = q.trim().toLowerCase();
  const shown = (intents.data ?? []).filter(
    (one) => (!onlyOwn || one.own > 0) && `${one.name} ${one.question} ${one.id}`.toLowerCase().includes(words),
  );
  const current = intents.data?.find((one) => one.id === id) ?? null;
  const open = (to: string | null) =>
    void navigate(to === null ? '/training/phrases' : `/training/phrases/${to}`, { replace: !narrow });
  const focus = (row: string) =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-intent="${row}"]`)?.focus());

  useListKeys('.intent-list', {
    move: (step) => {
      const to = stepFrom(
        shown.map((one) => one.id),
        id,
        step,
      );
      if (to === null) return;
      if (!narrow) open(to);
      focus(to);
    },
    search: () => document.querySelector<HTMLElement>('.group-search input')?.focus(),
    close: () => narrow && open(null),
  });

  // The one that the address names may be far down.
  const found = current !== null;
  useEffect(() => {
    if (found) document.querySelector('.intent-list [aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [found]);

  return (
    <main className={narrow ? 'split split-narrow' : 'split'}>
      {(!narrow || id === null) && (
        <section className="split-list" aria-label={t('training.intents')}>
          <div className="tabs" role="group" aria-label={t('training.intents')}>
            {[false, true].map((own) => (
              <button key={String(own)} type="button" aria-pressed={own === onlyOwn} onClick={() => setOnlyOwn(own)}>
                {t(own ? 'training.ownIntents' : 'training.allIntents')}
              </button>
            ))}
          </div>
          <div className="group-search">
            <Input
              allowClear
              value={q}
              onChange={(event) => setQ(event.target.value)}
              prefix={<Search size={15} aria-hidden="true" />}
              placeholder={t('training.searchIntent')}
              aria-label={t('training.searchIntent')}
            />
          </div>
          {intents.isPending && <Bones rows={8} />}
          {intents.isError && <Failed error={intents.error} onRetry={() => void intents.refetch()} />}
          {intents.data && shown.length === 0 && <Nothing text={t('training.noIntent')} icon={Search} />}
          <ul className="plain-list group-list intent-list">
            {shown.map((one) => (
              <li key={one.id} className={one.id === id ? 'group-row group-row-on' : 'group-row'}>
                <IntentRow intent={one} current={one.id === id} onOpen={open} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {(!narrow || id !== null) && (
        <section className="split-detail" aria-label={t('training.phrases')}>
          {narrow && (
            <Button
              type="text"
              className="back"
              icon={<ArrowLeft size={17} aria-hidden="true" />}
              onClick={() => open(null)}
            >
              {t('training.backToIntents')}
            </Button>
          )}
          {current ? (
            <Own key={current.id} intent={current} />
          ) : (
            !intents.isPending && <Nothing text={t('training.chooseOneIntent')} icon={MessageSquareText} />
          )}
        </section>
      )}
    </main>
  );
}

function IntentRow({ intent, current, onOpen }: { intent: Intent; current: boolean; onOpen(id: string): void }) {
  const { t } = useTranslation();
  const { number } = useFigures();
  return (
    <button type="button" data-intent={intent.id} aria-current={current || undefined} onClick={() => onOpen(intent.id)}>
      <span className="group-text">
        {intent.name}
        {intent.own > 0 && (
          <span className="tag tag-tint" title={t('training.ownCount', { count: intent.own })}>
            {number(intent.own)}
          </span>
        )}
      </span>
      <span className="group-figures">{intent.question}</span>
    </button>
  );
}

function Own({ intent }: { intent: Intent }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const complain = useComplain();
  const own = useUtterances(intent.id);
  const { save, drop } = useTeaching('utterances');
  const [text, setText] = useState('');
  const [importing, setImporting] = useState(false);
  const rows = own.data?.pages.flatMap((page) => page.items) ?? [];

  const add = () => {
    if (text.trim() === '') return;
    save.mutate({ text: text.trim(), intent: intent.id }, { onSuccess: () => setText(''), onError: complain });
  };
  const remove = (row: { text: string; intent: string }) =>
    drop.mutate(row.text, {
      onError: complain,
      onSuccess: () =>
        void message.open({
          type: 'success',
          duration: 8,
          content: (
            <span className="told">
              {t('training.dropped')}
              <Button type="link" size="small" onClick={() => save.mutate(row, { onError: complain })}>
                {t('training.undo')}
              </Button>
            </span>
          ),
        }),
    });

  return (
    <>
      <header className="detail-head">
        <h2>{intent.name}</h2>
        <p className="quiet">
          {t('training.example', { question: intent.question })} · <code>{intent.id}</code>
        </p>
      </header>
      <form
        className="tools tools-detail"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Input
          value={text}
          maxLength={MOST_LETTERS}
          onChange={(event) => setText(event.target.value)}
          placeholder={t('training.addPhraseHint')}
          aria-label={t('training.addPhraseHint')}
        />
        <Button
          htmlType="submit"
          type="primary"
          icon={<Plus size={15} aria-hidden="true" />}
          loading={save.isPending}
          disabled={text.trim() === ''}
        >
          {t('training.addPhrase')}
        </Button>
        <Button icon={<FileUp size={15} aria-hidden="true" />} onClick={() => setImporting(true)}>
          {t('training.import')}
        </Button>
      </form>
      <section className="texts">
        <h3>{t('training.phrases')}</h3>
        <p className="quiet">{t('training.phrasesHint')}</p>
        {own.isPending && <Bones rows={4} />}
        {own.isError && <Failed error={own.error} onRetry={() => void own.refetch()} />}
        {own.data && rows.length === 0 && <Nothing text={t('training.noPhrases')} icon={MessageSquareText} />}
        <ul className="plain-list">
          {rows.map((row) => (
            <li key={row.text} className="text-row">
              <div>
                <p>{row.text}</p>
              </div>
              <Popconfirm title={t('training.dropPhraseAsk')} okText={t('training.drop')} onConfirm={() => remove(row)}>
                <Button
                  type="text"
                  danger
                  icon={<Trash2 size={15} aria-hidden="true" />}
                  aria-label={t('training.dropOne', { text: row.text })}
                />
              </Popconfirm>
            </li>
          ))}
        </ul>
        {own.hasNextPage && (
          <Button loading={own.isFetchingNextPage} onClick={() => void own.fetchNextPage()}>
            {t('training.loadMore')}
          </Button>
        )}
      </section>
      {importing && <ImportDialog kind="utterances" onClose={() => setImporting(false)} />}
    </>
  );
}
