// SPDX-License-Identifier: Apache-2.0
//
// The rules of the trade as dated data: what holds now in words, where it comes from, what it was and will be; a new
// version from a day to come, with the open cases that it would and would not touch; and, on top, the switches that stop
// an action at once.
import { App, Button, Input, Switch } from 'antd';
import { ChevronDown, Power, Scale, Search } from 'lucide-react';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePolicies, usePolicyActions, useSetsRules, type PolicyVersion } from '../../api/policies.ts';
import { useMe } from '../../api/queries.ts';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { ACTIONS } from '../solutions/solution.ts';
import { ChangeDialog } from './change.tsx';
import meanings from './meanings.json';
import { GROUPS, groupOf, offList, rulesOf, valueText, type GroupName, type Rule } from './policy.ts';
import './policies.css';

/** What a rule says, in the reader's language: the server's own words are English. */
export function useMeaning(): (rule: Pick<Rule, 'key' | 'meaning'>) => string {
  const { language } = useTranslation().i18n;
  const zh: Record<string, string> = meanings;
  return (rule) => (language.startsWith('zh') ? (zh[rule.key] ?? rule.meaning) : rule.meaning);
}

export function Policies() {
  const { t } = useTranslation();
  const policies = usePolicies();
  const meaningOf = useMeaning();
  const [q, setQ] = useState('');
  const [group, setGroup] = useState<GroupName | ''>('');
  const [changed, setChanged] = useState<Rule | null>(null);
  const wanted = useDeferredValue(q.trim().toLowerCase());
  const rules = useMemo(() => rulesOf(policies.data ?? []), [policies.data]);
  const shown = rules.filter(
    (rule) =>
      (group === '' || groupOf(rule.key) === group) &&
      `${rule.key} ${rule.meaning} ${meaningOf(rule)}`.toLowerCase().includes(wanted),
  );
  const names: GroupName[] = [...GROUPS.map(([name]) => name), 'other'];
  const filled = names
    .map((name) => ({ name, rules: shown.filter((rule) => groupOf(rule.key) === name) }))
    .filter((one) => one.rules.length > 0);

  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('policies.title')}</h2>
          <p className="quiet">{t('policies.lead')}</p>
        </div>
      </div>
      {policies.isPending && <Bones rows={8} />}
      {policies.isError && !policies.data && <Failed error={policies.error} onRetry={() => void policies.refetch()} />}
      {policies.data && (
        <>
          <KillSwitches off={rules.find((rule) => rule.key === 'action.off')?.now} />
          <div className="tools tools-line">
            <Input
              allowClear
              value={q}
              onChange={(event) => setQ(event.target.value)}
              prefix={<Search size={15} aria-hidden="true" />}
              placeholder={t('policies.search')}
              aria-label={t('policies.search')}
            />
          </div>
          <div className="tabs tabs-page" role="group" aria-label={t('policies.groups')}>
            {(['', ...names] as const).map((name) => (
              <button key={name} type="button" aria-pressed={name === group} onClick={() => setGroup(name)}>
                {t(name === '' ? 'policies.all' : `policies.group.${name}`)}
              </button>
            ))}
          </div>
          {filled.length === 0 && <Nothing text={t('policies.notFound', { q: q.trim() })} icon={Scale} />}
          {filled.map((one) => (
            <section key={one.name} className="policy-group">
              <h3>{t(`policies.group.${one.name}`)}</h3>
              <ul className="plain-list">
                {one.rules.map((rule) => (
                  <RuleRow key={rule.key} rule={rule} onChange={() => setChanged(rule)} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
      {changed && <ChangeDialog rule={changed} onClose={() => setChanged(null)} />}
    </main>
  );
}

// ---- one rule ---------------------------------------------------------------------------------------------

export function useValueText() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const currency = useMe().data?.shop.currency ?? '';
  const writing = {
    money: (cents: number) => format.money(cents, currency),
    unit: (count: number, unit: string) =>
      new Intl.NumberFormat(i18n.language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
  };
  return (version: Pick<PolicyVersion, 'value' | 'kind' | 'key'>) =>
    valueText(version.value, version.kind, version.key, writing, t);
}

function RuleRow({ rule, onChange }: { rule: Rule; onChange(): void }) {
  const { t } = useTranslation();
  const mayChange = useSetsRules();
  const meaningOf = useMeaning();
  const say = useValueText();
  const [open, setOpen] = useState(false);
  const id = useId();
  const own = rule.now?.owner === 'shop';
  return (
    <li className="policy">
      <div className="policy-head">
        <button
          type="button"
          className="policy-fold"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown size={15} aria-hidden="true" className={open ? '' : 'folded'} />
          <span>
            <span className="policy-meaning">{meaningOf(rule)}</span>
            <code>{rule.key}</code>
          </span>
        </button>
        <span className="policy-value">
          <b>{rule.now ? say(rule.now) : t('policies.notGeneral')}</b>
          {own && <span className="tag tag-tint">{t('policies.owner.shop')}</span>}
        </span>
        {mayChange && rule.kind !== null && (
          <Button size="small" aria-label={t('policies.changeOne', { key: rule.key })} onClick={onChange}>
            {t('policies.change')}
          </Button>
        )}
      </div>
      {open && <Versions id={id} rule={rule} />}
    </li>
  );
}

function Versions({ id, rule }: { id: string; rule: Rule }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useValueText();
  return (
    <ol id={id} className="policy-versions" aria-label={t('policies.versions')}>
      {rule.versions.map((one) => (
        <li key={`${one.owner} ${one.scope} ${one.from}`} className={one.in_force ? 'policy-holds' : undefined}>
          <span>
            <b>{say(one)}</b>
            {one.in_force && <span className="pill pill-calm">{t('policies.holds')}</span>}
            {Date.parse(one.from) > Date.now() && <span className="pill pill-warn">{t('policies.toCome')}</span>}
          </span>
          <small>
            {t('policies.from', { date: format.day(one.from) })}
            {one.to && ` – ${format.day(one.to)}`} · {scopeText(one.scope, t)} · {t(`policies.owner.${one.owner}`)} ·{' '}
            <abbr title={t(`policies.mark.${one.mark}`, { defaultValue: one.mark })}>{one.mark}</abbr> {one.source}
          </small>
          {one.kind === 'json' && <pre>{pretty(one.value)}</pre>}
        </li>
      ))}
    </ol>
  );
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

export function scopeText(scope: string, t: Translate): string {
  const at = scope.indexOf(':');
  if (at < 0) return t(`policies.scope.${scope}`, { defaultValue: scope });
  return t(`policies.scope.${scope.slice(0, at)}`, { defaultValue: scope, name: scope.slice(at + 1) });
}

function pretty(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), null, 1);
  } catch {
    return value;
  }
}

// ---- kill switches ----------------------------------------------------------------------------------------

function KillSwitches({ off: version }: { off: PolicyVersion | null | undefined }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const mayChange = useSetsRules();
  const { set } = usePolicyActions();
  const off = version ? offList(version.value) : [];

  const turn = (action: string, on: boolean) => {
    const next = on ? off.filter((one) => one !== action) : [...off, action];
    const name = t(`work.action.${action}`);
    modal.confirm({
      title: t(on ? 'policies.kill.askOn' : 'policies.kill.askOff', { name }),
      content: t('policies.kill.hint'),
      okText: t(on ? 'policies.kill.on' : 'policies.kill.off'),
      okButtonProps: { danger: !on },
      onOk: () =>
        set
          .mutateAsync({
            key: 'action.off',
            value: JSON.stringify(next),
            scope: 'shop',
            from: new Date().toISOString(),
          })
          .then(
            () => void message.success(t('policies.kill.done', { name })),
            (error: unknown) => void message.error(faultText(error, t)),
          ),
    });
  };
  return (
    <section className="kill" aria-label={t('policies.kill.title')}>
      <h3>
        <Power size={15} aria-hidden="true" /> {t('policies.kill.title')}
        <span className="quiet">{t('policies.kill.lead')}</span>
      </h3>
      <ul className="plain-list kill-list">
        {ACTIONS.map((action) => (
          <li key={action} className={off.includes(action) ? 'kill-off' : undefined}>
            <Switch
              size="small"
              checked={!off.includes(action)}
              disabled={!mayChange}
              loading={set.isPending}
              aria-label={t(`work.action.${action}`)}
              onChange={(on) => turn(action, on)}
            />
            <span>{t(`work.action.${action}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
