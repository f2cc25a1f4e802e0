// SPDX-License-Identifier: Apache-2.0
//
// A new version of a rule: the value, where it holds, from when; and, before it is saved, which open cases it would and
// would not touch. What an order was placed under stays; a version can only begin after today.
import { Alert, App, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePolicyActions, useTouched, type NewVersion } from '../../api/policies.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { Bones, Failed, RequestId, faultText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { useMeaning, useValueText } from './policies.tsx';
import { badValue, isMoney, isShortNotice, isTooSoon, tomorrow, type Rule } from './policy.ts';

interface Values {
  amount: number | null;
  unit: string;
  value: string;
  scope: 'shop' | 'category' | 'product';
  place: string;
  from: string;
  to: string;
  source: string;
}

const UNITS = ['m', 'h', 'd', 'wd'] as const;
const UNIT_NAMES: Record<string, string> = { m: 'minute', h: 'hour', d: 'day', wd: 'workday' };
const SHOWN = 6;

/** The value as the server wants it, from what was filled in. */
function valueOf(rule: Rule, { amount, unit, value }: Values): string {
  switch (rule.kind) {
    case 'duration':
    case 'workdays':
      return `${amount ?? ''}${unit}`;
    case 'rate':
      return `${amount ?? ''}%`;
    case 'number':
      return amount === null ? '' : String(isMoney(rule.key) ? Math.round(amount * 100) : amount);
    default:
      return value.trim();
  }
}

function firstValues(rule: Rule): Values {
  const value = rule.now?.value ?? rule.versions[0]!.value;
  const number = parseFloat(value);
  const amount = Number.isFinite(number) ? (rule.kind === 'number' && isMoney(rule.key) ? number / 100 : number) : null;
  const unit = /[a-z]+$/.exec(value)?.[0] ?? 'h';
  return { amount, unit, value, scope: 'shop', place: '', from: tomorrow(new Date()), to: '', source: '' };
}

export function ChangeDialog({ rule, onClose }: { rule: Rule; onClose(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const meaningOf = useMeaning();
  const say = useValueText();
  const { set } = usePolicyActions();
  const [form] = Form.useForm<Values>();
  const [first] = useState(() => firstValues(rule));
  const [values, setValues] = useState<Values>(first);
  useReturnFocus();

  const value = valueOf(rule, values);
  const complaint = badValue(value, rule.kind);
  const scope = values.scope === 'shop' ? 'shop' : `${values.scope}:${values.place.trim()}`;
  const soon = values.from === '' || isTooSoon(values.from, new Date());
  const next: NewVersion | null =
    complaint !== null || soon || (values.scope !== 'shop' && values.place.trim() === '')
      ? null
      : {
          key: rule.key,
          value,
          scope,
          from: new Date(values.from).toISOString(),
          ...(values.to === '' ? {} : { to: new Date(values.to).toISOString() }),
          ...(values.source.trim() === '' ? {} : { source: values.source.trim() }),
        };
  return (
    <Modal
      open
      width={640}
      title={t('policies.changeTitle')}
      onCancel={onClose}
      okText={t('policies.save')}
      okButtonProps={{ disabled: next === null, loading: set.isPending }}
      onOk={() =>
        next &&
        set.mutate(next, {
          onSuccess: () => {
            void message.success(t('policies.saved'));
            onClose();
          },
        })
      }
    >
      <p>
        {meaningOf(rule)} <code className="quiet">{rule.key}</code>
      </p>
      <p className="quiet">{t('policies.nowIs', { value: rule.now ? say(rule.now) : '–' })}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={first}
        onValuesChange={(_part, all) => setValues(all)}
      >
        <ValueField rule={rule} complaint={complaint && t(complaint)} />
        <Form.Item name="scope" label={t('policies.where')}>
          <Radio.Group
            options={(['shop', 'category', 'product'] as const).map((one) => ({
              value: one,
              label: t(`policies.at.${one}`),
            }))}
          />
        </Form.Item>
        {values.scope !== 'shop' && (
          <Form.Item name="place" label={t(`policies.place.${values.scope}`)}>
            <Input maxLength={200} placeholder={t(`policies.placeHint.${values.scope}`)} />
          </Form.Item>
        )}
        <div className="two-fields">
          <Form.Item
            name="from"
            label={t('policies.begins')}
            validateStatus={soon ? 'error' : ''}
            help={soon ? t('policies.tooSoon') : undefined}
          >
            <Input type="datetime-local" min={first.from} />
          </Form.Item>
          <Form.Item name="to" label={t('policies.ends')}>
            <Input type="datetime-local" min={values.from} />
          </Form.Item>
        </div>
        {!soon && isShortNotice(values.from, new Date()) && (
          <Alert type="warning" showIcon title={t('policies.shortNotice')} className="policy-alert" />
        )}
        <Form.Item name="source" label={t('policies.source')}>
          <Input maxLength={200} placeholder={t('policies.sourceHint')} />
        </Form.Item>
      </Form>
      <TouchedCases next={next} />
      {set.isError && (
        <div role="alert" className="form-error">
          {faultText(set.error, t)}
          <RequestId error={set.error} />
        </div>
      )}
    </Modal>
  );
}

function ValueField({ rule, complaint }: { rule: Rule; complaint: string | null }) {
  const { t } = useTranslation();
  const label = t('policies.newValue');
  const status = complaint === null ? {} : ({ validateStatus: 'error', help: complaint } as const);
  switch (rule.kind) {
    case 'duration':
    case 'workdays':
      return (
        <Form.Item label={label} {...status}>
          <span className="policy-term">
            <Form.Item name="amount" noStyle>
              <InputNumber min={0} precision={0} aria-label={label} />
            </Form.Item>
            <Form.Item name="unit" noStyle>
              <Select
                aria-label={t('policies.unitLabel')}
                options={UNITS.map((unit) => ({ value: unit, label: t(`policies.unitName.${UNIT_NAMES[unit]}`) }))}
                style={{ width: 120 }}
              />
            </Form.Item>
          </span>
        </Form.Item>
      );
    case 'rate':
      return (
        <Form.Item name="amount" label={label} {...status}>
          <InputNumber min={0} max={1000} precision={2} suffix="%" style={{ width: 160 }} />
        </Form.Item>
      );
    case 'number':
      return (
        <Form.Item name="amount" label={label} {...status}>
          <InputNumber min={0} precision={isMoney(rule.key) ? 2 : 0} style={{ width: 180 }} />
        </Form.Item>
      );
    case 'switch':
      return (
        <Form.Item name="value" label={label} {...status}>
          <Radio.Group
            options={[
              { value: 'on', label: t('policies.on') },
              { value: 'off', label: t('policies.off') },
            ]}
          />
        </Form.Item>
      );
    default:
      return (
        <Form.Item name="value" label={label} {...status}>
          <Input.TextArea rows={6} maxLength={8000} className="policy-json" spellCheck={false} />
        </Form.Item>
      );
  }
}

function TouchedCases({ next }: { next: NewVersion | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const touched = useTouched(next && { key: next.key, scope: next.scope, from: next.from, to: next.to });
  if (next === null) return null;
  if (touched.isPending) return <Bones rows={2} />;
  if (touched.isError) return <Failed error={touched.error} onRetry={() => void touched.refetch()} />;
  const { items, all } = touched.data;
  const shown = [...items].sort((a, b) => Number(b.touched) - Number(a.touched)).slice(0, SHOWN);
  return (
    <section className="touched" aria-label={t('policies.touchedTitle')} role="status">
      <p className="sheet-title">{t('policies.touchedTitle')}</p>
      <p>
        <b>{t('policies.touched', { count: touched.data.touched })}</b>{' '}
        <span className="quiet">
          {t('policies.untouched', { count: touched.data.untouched })}
          {!all && t('policies.notAll')}
        </span>
      </p>
      {shown.length > 0 && (
        <ul className="plain-list">
          {shown.map((one) => (
            <li key={one.case}>
              <span className={`pill pill-${one.touched ? 'warn' : 'plain'}`}>
                {t(one.touched ? 'policies.isTouched' : 'policies.isNot')}
              </span>
              {t(`cases.type.${one.type}`, { defaultValue: one.type })} <code>{one.order}</code>
              <small>
                {t('policies.orderOf', { date: format.day(one.order_at) })} ·{' '}
                {t(`policies.touch.${one.why}`, { defaultValue: one.why })}
              </small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
