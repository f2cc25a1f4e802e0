// SPDX-License-Identifier: Apache-2.0
//
// The versions of the shop's own understanding: what answers buyers now, the training that runs, and every version
// with its figures.
import { Button, Dropdown, Popconfirm, Progress } from 'antd';
import { ChevronDown, GraduationCap, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../api/queries.ts';
import {
  useVersionActions,
  useVersions,
  type Language,
  type Version,
  type Versions as AllVersions,
} from '../../api/training.ts';
import { useFigures } from '../../ui/figures.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { useComplain } from './deeds.ts';

const LANGUAGES: readonly Language[] = ['zh', 'en'];

export function Versions() {
  const { t } = useTranslation();
  const versions = useVersions();
  useTellEnd(versions.data);
  if (versions.isPending)
    return (
      <main className="page">
        <Bones rows={6} />
      </main>
    );
  if (versions.isError && !versions.data) {
    return (
      <main className="page">
        <Failed error={versions.error} onRetry={() => void versions.refetch()} />
      </main>
    );
  }
  const { items, training } = versions.data;
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('training.section.versions')}</h2>
          <p className="quiet">{t('training.versionsLead')}</p>
        </div>
        <Train running={training !== null} />
      </div>
      <Running training={training} />
      <InUse versions={versions.data} />
      {items.length === 0 ? (
        <Nothing text={t('training.noVersions')} icon={GraduationCap} />
      ) : (
        <Table items={items} running={training?.number ?? 0} />
      )}
    </main>
  );
}

/** Says how a training that was watched here has ended. */
function useTellEnd(versions: AllVersions | undefined): void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const was = useRef(0);
  useEffect(() => {
    if (!versions) return;
    const now = versions.training?.number ?? 0;
    const ended = was.current !== 0 && now === 0 ? versions.items.find((one) => one.number === was.current) : undefined;
    was.current = now;
    if (!ended) return;
    if (ended.state === 'failed') void message.error(t('training.trainingFailed', { number: ended.number }));
    else void message.success(t('training.trainingDone', { number: ended.number }));
  }, [versions, message, t]);
}

// ---- training ---------------------------------------------------------------------------------------------

function Train({ running }: { running: boolean }) {
  const { t } = useTranslation();
  const { train } = useVersionActions();
  const complain = useComplain();
  const shop = useMe().data!.shop;
  const own: Language = shop.language.startsWith('en') ? 'en' : 'zh';
  const others = LANGUAGES.filter((language) => language !== own);
  const start = (language: Language) => train.mutate(language, { onError: complain });
  return (
    <span className="joined">
      <Button
        type="primary"
        icon={<GraduationCap size={16} aria-hidden="true" />}
        disabled={running}
        loading={train.isPending}
        onClick={() => start(own)}
      >
        {t('training.train', { language: t(`language.${own}`) })}
      </Button>
      <Dropdown
        trigger={['click']}
        disabled={running}
        menu={{
          items: others.map((key) => ({ key, label: t('training.train', { language: t(`language.${key}`) }) })),
          onClick: ({ key }) => start(key as Language),
        }}
      >
        <Button
          type="primary"
          disabled={running}
          icon={<ChevronDown size={16} aria-hidden="true" />}
          aria-label={t('training.trainOther')}
        />
      </Dropdown>
    </span>
  );
}

function Running({ training }: { training: AllVersions['training'] }) {
  const { t } = useTranslation();
  if (training === null) return null;
  const waits = training.total <= 1;
  const percent = waits ? 0 : Math.round((100 * training.done) / training.total);
  return (
    <div className="running" role="status">
      <p>
        <b>{t('training.running', { number: training.number })}</b>{' '}
        <span className="quiet">{t(waits ? 'training.waits' : 'training.safeToLeave')}</span>
      </p>
      <Progress percent={percent} status="active" showInfo={!waits} aria-label={t('training.progress')} />
    </div>
  );
}

// ---- what answers buyers ----------------------------------------------------------------------------------

function InUse({ versions }: { versions: AllVersions }) {
  const { t } = useTranslation();
  const used = LANGUAGES.filter((language) => versions.shipped[language] !== undefined);
  return (
    <section aria-label={t('training.inUse')} className="in-use">
      {used.map((language) => (
        <Lane key={language} language={language} items={versions.items.filter((one) => one.language === language)} />
      ))}
    </section>
  );
}

function Lane({ language, items }: { language: Language; items: Version[] }) {
  const { t } = useTranslation();
  const { rollBack } = useVersionActions();
  const complain = useComplain();
  const { message } = App.useApp();
  const full = items.find((one) => one.state === 'full');
  const grey = items.find((one) => one.state === 'grey');
  const share = grey?.share ?? 0;
  const nameOf = (one: Version | undefined) =>
    one ? t('training.version', { number: one.number }) : t('training.shipped');
  const before = full && items.find((one) => one.number === full.previous);
  const back = grey
    ? t('training.rollBackGrey', { number: grey.number, name: nameOf(full) })
    : t('training.rollBackFull', { name: nameOf(before) });

  return (
    <div className="lane">
      <h3>{t(`language.${language}`)}</h3>
      <div className="lane-bar" aria-hidden="true">
        <span style={{ flexGrow: 100 - share }} className="lane-full" />
        {share > 0 && <span style={{ flexGrow: share }} className="lane-grey" />}
      </div>
      <p>
        <b>{nameOf(full)}</b> {100 - share}%
        {grey && (
          <>
            {' · '}
            <b className="lane-new">{nameOf(grey)}</b> {share}%{' '}
            <span className="pill pill-warn">{t('training.version_state.grey')}</span>
          </>
        )}
      </p>
      {(full || grey) && (
        <Popconfirm
          title={t('training.rollBackAsk')}
          description={back}
          okText={t('training.rollBack')}
          onConfirm={() =>
            rollBack.mutateAsync(language).then(() => void message.success(t('training.rolledBack')), complain)
          }
        >
          <Button size="small" icon={<Undo2 size={14} aria-hidden="true" />} loading={rollBack.isPending}>
            {t('training.rollBack')}
          </Button>
        </Popconfirm>
      )}
    </div>
  );
}

// ---- all versions -----------------------------------------------------------------------------------------

const TONES: Record<Version['state'], string> = {
  training: 'plain',
  draft: 'plain',
  grey: 'warn',
  full: 'calm',
  retired: 'plain',
  failed: 'over',
};

export function StatePill({ version }: { version: Version }) {
  const { t } = useTranslation();
  const state = version.problem ? 'damaged' : version.state;
  return (
    <span className={`pill pill-${version.problem ? 'over' : TONES[version.state]}`}>
      {t(`training.version_state.${state}`)}
      {version.state === 'grey' && ` ${version.share}%`}
    </span>
  );
}

function Table({ items, running }: { items: Version[]; running: number }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const format = useFormat();
  const columns = ['version', 'state', 'accuracy', 'ownRows', 'rows', 'classes', 'took', 'bytes', 'createdAt'] as const;
  const dash = '–';
  return (
    <div className="sheet-box" tabIndex={0} role="region" aria-label={t('training.allVersions')}>
      <table className="sheet">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`training.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((one) => {
            const made = one.rows > 0;
            return (
              <tr key={one.number}>
                <th scope="row">
                  <Link to={`/training/versions/${one.number}`}>{t('training.version', { number: one.number })}</Link>
                  <small>{t(`language.${one.language}`)}</small>
                </th>
                <td data-label={t('training.column.state')}>
                  {one.number === running && one.state !== 'training' ? (
                    <span className="pill pill-plain">{t('training.version_state.training')}</span>
                  ) : (
                    <StatePill version={one} />
                  )}
                </td>
                <td data-label={t('training.column.accuracy')}>
                  {one.accuracy > 0 ? figures.percent(one.accuracy, 1) : dash}
                </td>
                <td data-label={t('training.column.ownRows')}>{made ? figures.number(one.own_rows) : dash}</td>
                <td data-label={t('training.column.rows')}>{made ? figures.number(one.rows) : dash}</td>
                <td data-label={t('training.column.classes')}>{made ? figures.number(one.classes) : dash}</td>
                <td data-label={t('training.column.took')}>{made ? figures.seconds(one.seconds) : dash}</td>
                <td data-label={t('training.column.bytes')}>{made ? figures.bytes(one.bytes) : dash}</td>
                <td data-label={t('training.column.createdAt')}>
                  <time dateTime={one.created_at} title={format.full(one.created_at)}>
                    {format.dayAndClock(one.created_at)}
                  </time>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
