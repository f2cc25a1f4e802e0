// SPDX-License-Identifier: Apache-2.0
//
// One entry on the page: fetched, or new; then edited by those who may, read by everyone else.
import type { KnowledgeEntry } from '@xiaoer/protocol/wire';
import { Button } from 'antd';
import { ArchiveRestore } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useEntry, useTeaches } from '../../api/knowledge.ts';
import { useShopFormat } from '../../ui/time.ts';
import { isFault } from '../../api/http.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useEntryDeeds } from './deeds.tsx';
import { AnswerBubble, BuyersView } from './bubble.tsx';
import { BLANK } from './draft.ts';
import { Editor, EntryHead } from './editor.tsx';
import { Versions } from './versions.tsx';
import { ConditionTags, LayerTag, Used } from './words.tsx';

export function EntryPane({ id }: { id: string }) {
  return id === 'new' ? <NewEntry /> : <StoredEntry id={id} />;
}

function NewEntry() {
  const { t } = useTranslation();
  const teaches = useTeaches();
  const [query] = useSearchParams();
  if (!teaches)
    return (
      <main className="kb-entry kb-none">
        <h1 className="sr-only">{t('knowledge.title')}</h1>
        <Nothing text={t('knowledge.readOnly')} />
      </main>
    );
  const question = query.get('question') ?? '';
  // Another question from the test box is another new entry.
  return <Editor key={question} first={{ ...BLANK, question }} />;
}

function StoredEntry({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const teaches = useTeaches();
  const entry = useEntry(id);

  if (entry.isPending)
    return (
      <main className="kb-entry" aria-busy="true">
        <h1 className="sr-only">{t('knowledge.title')}</h1>
        <Bones rows={6} />
      </main>
    );
  if (!entry.data)
    return (
      <main className="kb-entry kb-none">
        <h1 className="sr-only">{t('knowledge.title')}</h1>
        {isFault(entry.error, 404) ? (
          <Nothing text={t('knowledge.gone')}>
            <Button onClick={() => void navigate('/knowledge')}>{t('knowledge.back')}</Button>
          </Nothing>
        ) : (
          <Failed error={entry.error} onRetry={() => void entry.refetch()} />
        )}
      </main>
    );
  if (!teaches || entry.data.state === 'archived') return <Reading entry={entry.data} teaches={teaches} />;
  return <Editor entry={entry.data} />;
}

/** An entry that this person, or nobody, may change now. */
function Reading({ entry, teaches }: { entry: KnowledgeEntry; teaches: boolean }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const deeds = useEntryDeeds();
  const live = entry.versions.find((version) => version.state !== 'archived');
  const days = [entry.valid_from, entry.valid_to].map((at) => (at === null ? '' : format.full(at)));
  return (
    <main className="kb-entry">
      <EntryHead entry={entry} title={entry.question}>
        {teaches && live && (
          <Button
            type="primary"
            icon={<ArchiveRestore size={15} aria-hidden="true" />}
            loading={deeds.busy}
            onClick={() => void deeds.restore(entry, live.version)}
          >
            {t('knowledge.unarchive')}
          </Button>
        )}
      </EntryHead>
      <div className="kb-body">
        <div className="kb-form">
          {entry.state === 'archived' && <p className="kb-notice">{t('knowledge.archivedNotice')}</p>}
          <dl className="facts kb-reading">
            <div>
              <dt>{t('knowledge.layerLabel')}</dt>
              <dd>
                <LayerTag layer={entry.layer} />{' '}
                <span className="quiet">{t(`knowledge.layerHint.${entry.layer}`)}</span>
              </dd>
            </div>
            {entry.similar.length > 0 && (
              <div>
                <dt>{t('knowledge.similar')}</dt>
                <dd>
                  <ul className="plain-list">
                    {entry.similar.map((text) => (
                      <li key={text}>{text}</li>
                    ))}
                  </ul>
                </dd>
              </div>
            )}
            {Object.keys(entry.conditions).length > 0 && (
              <div>
                <dt>{t('knowledge.conditions')}</dt>
                <dd>
                  <ConditionTags conditions={entry.conditions} all />
                </dd>
              </div>
            )}
            {(entry.valid_from !== null || entry.valid_to !== null) && (
              <div>
                <dt>{t('knowledge.validity')}</dt>
                <dd>{days.join(' – ')}</dd>
              </div>
            )}
            <div>
              <dt>{t('knowledge.usedLabel')}</dt>
              <dd>
                <Used used={entry.used} />
              </dd>
            </div>
          </dl>
        </div>
        <aside className="kb-side" aria-label={t('knowledge.preview')}>
          <section className="kb-card">
            <h2>{t('knowledge.preview')}</h2>
            <BuyersView asked={entry.question}>
              <AnswerBubble text={entry.answer} />
            </BuyersView>
          </section>
          {teaches && <Versions entry={entry} />}
        </aside>
      </div>
    </main>
  );
}
