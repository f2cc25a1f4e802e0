// SPDX-License-Identifier: Apache-2.0
//
// One version before its release: held against the one in force, on the test cases and on what buyers said lately;
// what stops it; and the release itself, to a share of the conversations or to all.
import { Alert, App, Button, Input, Popconfirm, Slider } from 'antd';
import { ArrowLeft, ClipboardCheck, FlaskConical, Rocket, RotateCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  useComparison,
  useVersionActions,
  useVersions,
  type Comparison,
  type Version,
  type Versions,
} from '../../api/training.ts';
import { useFigures } from '../../ui/figures.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { TryDrawer } from '../knowledge/trybox.tsx';
import { ComparisonRows } from './comparisonrows.tsx';
import { changesNothing, nextShare, scoresOf } from './comparison.ts';
import { useComplain } from './deeds.ts';
import { Stat } from './groupdetail.tsx';
import { StatePill } from './versions.tsx';

export function VersionPage({ number }: { number: number }) {
  const { t } = useTranslation();
  const versions = useVersions();
  const version = versions.data?.items.find((one) => one.number === number);
  return (
    <main className="page">
      <Link to="/training/versions" className="back-link">
        <ArrowLeft size={16} aria-hidden="true" /> {t('training.backToVersions')}
      </Link>
      {versions.isPending && <Bones rows={6} />}
      {versions.isError && !versions.data && <Failed error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.data && !version && <Nothing text={t('training.noVersion')} icon={ClipboardCheck} />}
      {versions.data && version && <Whole version={version} versions={versions.data} />}
    </main>
  );
}

const READY: readonly Version['state'][] = ['draft', 'grey', 'full', 'retired'];

function Whole({ version, versions }: { version: Version; versions: Versions }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [trying, setTrying] = useState(false);
  const inForce = versions.items.find((one) => one.language === version.language && one.state === 'full')?.number ?? 0;
  const running = versions.training?.number === version.number;
  const ready = READY.includes(version.state) && version.problem === null && !running;
  // For the version in use: what it changed.
  const beside = inForce === version.number ? version.previous : inForce;
  const name = beside === 0 ? t('training.shipped') : t('training.version', { number: beside });
  const comparison = useComparison(version.number, beside, ready);
  return (
    <>
      <div className="page-head">
        <div>
          <h2>
            {t('training.version', { number: version.number })} <StatePill version={version} />
          </h2>
          <p className="quiet">
            {t(`language.${version.language}`)} ·{' '}
            <time dateTime={version.created_at} title={format.full(version.created_at)}>
              {format.dayAndClock(version.created_at)}
            </time>
          </p>
        </div>
        {ready && (
          <Button icon={<FlaskConical size={15} aria-hidden="true" />} onClick={() => setTrying(true)}>
            {t('training.try')}
          </Button>
        )}
      </div>
      <Trouble version={version} running={running} />
      <Figures version={version} comparison={comparison.data} beside={name} />
      {ready && <Release key={`${version.state} ${version.share}`} version={version} comparison={comparison.data} />}

      {comparison.isLoading && (
        <>
          <p className="quiet">{t('training.comparing', { name })}</p>
          <Bones rows={5} />
        </>
      )}
      {comparison.isError && !comparison.data && (
        <Failed error={comparison.error} onRetry={() => void comparison.refetch()} />
      )}
      {comparison.data && <ComparisonRows comparison={comparison.data} beside={name} />}
      <TryDrawer open={trying} onClose={() => setTrying(false)} model={version.number} />
    </>
  );
}

/** Failed, damaged, or still being made. */
function Trouble({ version, running }: { version: Version; running: boolean }) {
  const { t } = useTranslation();
  const { repeat } = useVersionActions();
  const complain = useComplain();
  if (running) return <Alert type="info" showIcon title={t('training.running', { number: version.number })} />;
  if (version.state === 'failed') {
    return <Alert type="error" showIcon title={t('training.failed')} description={version.failure} />;
  }
  if (version.problem === null) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={t('training.damaged')}
      description={version.problem}
      action={
        <Button
          icon={<RotateCw size={14} aria-hidden="true" />}
          loading={repeat.isPending}
          onClick={() => repeat.mutate(version.number, { onError: complain })}
        >
          {t('training.repeat')}
        </Button>
      }
    />
  );
}

interface FiguresProps {
  version: Version;
  comparison: Comparison | undefined;
  /** Name of what it is compared with. */
  beside: string;
}

function Figures({ version, comparison, beside }: FiguresProps) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  const scores = useMemo(
    () =>
      comparison && {
        before: scoresOf(comparison.rows, 'before'),
        after: scoresOf(comparison.rows, 'after'),
      },
    [comparison],
  );
  const c = comparison;
  return (
    <dl className="stats stats-wide">
      <Stat
        name={t('training.column.accuracy')}
        value={version.accuracy > 0 ? percent(version.accuracy, 1) : '–'}
        hint={t('training.accuracyHint')}
      />
      <Stat
        name={t('training.caseScore')}
        value={c && c.cases > 0 ? t('training.of', { part: number(c.right_after), all: number(c.cases) }) : '–'}
        hint={
          c && c.cases > 0
            ? t('training.before', {
                name: beside,
                value: t('training.of', { part: number(c.right_before), all: number(c.cases) }),
              })
            : t('training.noCasesHint')
        }
        tone={c && c.right_after < c.right_before ? 'bad' : undefined}
      />
      <Stat
        name={t('training.macroF1')}
        value={scores?.after ? percent(scores.after.macroF1, 1) : '–'}
        hint={
          scores?.before
            ? t('training.before', { name: beside, value: percent(scores.before.macroF1, 1) })
            : t('training.macroF1Hint')
        }
      />
      <Stat
        name={t('training.mustPass')}
        value={c ? number(c.must_pass_failed) : '–'}
        hint={t('training.mustPassHint')}
        tone={c && c.must_pass_failed > 0 ? 'bad' : undefined}
      />
      <Stat
        name={t('training.turnsChanged')}
        value={c ? t('training.of', { part: number(c.turns_changed), all: number(c.turns) }) : '–'}
        hint={t('training.turnsHint', { name: beside })}
      />
    </dl>
  );
}

// ---- release ----------------------------------------------------------------------------------------------

function Release({ version, comparison }: { version: Version; comparison: Comparison | undefined }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { release } = useVersionActions();
  const complain = useComplain();
  const [share, setShare] = useState(nextShare(version.state === 'grey' ? version.share : 0));
  const [why, setWhy] = useState('');
  if (version.state === 'full') return null;
  const blocked = (comparison?.must_pass_failed ?? 0) > 0;

  const put = (part: number) =>
    release
      .mutateAsync({ number: version.number, share: part, ...(blocked ? { override: why.trim() } : {}) })
      .then(
        () =>
          void message.success(
            part === 100
              ? t('training.releasedFull', { number: version.number })
              : t('training.releasedGrey', { number: version.number, share: part }),
          ),
        complain,
      );
  const disabled = comparison === undefined || (blocked && why.trim() === '') || release.isPending;

  return (
    <section className="release" aria-labelledby="release">
      <h3 id="release">
        <Rocket size={16} aria-hidden="true" /> {t('training.release')}
      </h3>
      {blocked && (
        <Alert
          type="error"
          showIcon
          title={t('training.blocked', { count: comparison!.must_pass_failed })}
          description={
            <label className="field">
              <span>{t('training.override')}</span>
              <Input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
            </label>
          }
        />
      )}
      {comparison && !blocked && comparison.worse > 0 && (
        <Alert type="warning" showIcon title={t('training.someWorse', { count: comparison.worse })} />
      )}
      {comparison && changesNothing(comparison) && <Alert type="info" showIcon title={t('training.changesNothing')} />}
      <div className="release-row">
        <span id="share-label">{t('training.share')}</span>
        <Slider
          min={1}
          max={99}
          value={Math.min(share, 99)}
          onChange={setShare}
          ariaLabelledByForHandle="share-label"
          ariaValueTextFormatterForHandle={(value) => `${value}%`}
          marks={{ 5: '5%', 20: '20%', 50: '50%' }}
        />
        <Button disabled={disabled} loading={release.isPending} onClick={() => void put(Math.min(share, 99))}>
          {t('training.releaseGrey', { share: Math.min(share, 99) })}
        </Button>
        <Popconfirm
          title={t('training.releaseAsk')}
          description={t('training.releaseAskHint')}
          okText={t('training.releaseFull')}
          disabled={disabled}
          onConfirm={() => put(100)}
        >
          <Button type="primary" disabled={disabled}>
            {t('training.releaseFull')}
          </Button>
        </Popconfirm>
      </div>
      <p className="quiet">{t('training.shareHint')}</p>
    </section>
  );
}
