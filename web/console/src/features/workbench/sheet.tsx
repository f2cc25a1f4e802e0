// SPDX-License-Identifier: Apache-2.0
//
// The sheet of one action: what has to be said, then what will happen (old and new, the amount, who pays, the rules, the
// deadline), then the word that does it. The server is asked before anything is done, and nothing is shown as done before
// it has answered.
//
// Always true: a sheet has one key for as long as it is open: pressed twice, or sent again after a broken line, it is
// done once.
import type { Order } from '@xiaoer/protocol/wire';
import { App, Button, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { ArrowRight, Scale, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/http.ts';
import { useMe, useProducts } from '../../api/queries.ts';
import { rulesUsed, useDoing, type Outcome, type Wish } from '../../api/work.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';
import { isMoney } from '../policies/policy.ts';
import { COMPLAINTS, DEEDS, REASONS, TYPES, whyText, wishOf, type Field, type Filled } from './deed.ts';

const MOST = { text: 500, line: 200 };

interface Props {
  order: Order;
  action: string;
  conversation: string;
  filled?: Filled;
  onClose(): void;
  /** It was done, or waits for somebody. */
  onDone?(outcome: Outcome): void;
}

export function ActionSheet({ order, action, conversation, filled = {}, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { attempt, perform } = useDoing(order.order_id);
  const [form] = Form.useForm<Filled>();
  const [key] = useState(newId);
  const [seen, setSeen] = useState<{ wish: Wish; outcome: Outcome } | null>(null);
  const fields = (DEEDS[action] ?? []).filter((field) => field !== 'sub_order' || order.items.length > 1);
  const asked = useRef(false);
  useReturnFocus();

  const look = (values: Filled) => {
    const wish = wishOf(action, values, { conversation });
    attempt.mutate(wish, { onSuccess: (outcome) => setSeen({ wish, outcome }) });
  };
  // With nothing to fill in, what will happen is shown at once.
  useEffect(() => {
    if (fields.length > 0 || asked.current) return;
    asked.current = true;
    look({});
  });

  const may = seen !== null && seen.outcome.answer !== 'refused' && seen.outcome.answer !== 'needs_slot';
  const carryOut = () => {
    if (!seen) return;
    perform.mutate(
      { wish: seen.wish, key },
      {
        onSuccess: (outcome) => {
          if (outcome.answer === 'refused' || outcome.answer === 'needs_slot') {
            setSeen({ wish: seen.wish, outcome });
            return;
          }
          void message.success(
            t(`work.did.${outcome.answer}`, { name: t(`work.action.${action}`), ticket: outcome.ticket }),
          );
          onDone?.(outcome);
          onClose();
        },
      },
    );
  };
  const error = perform.error ?? attempt.error;
  return (
    <Modal
      open
      width={560}
      title={`${t(`work.action.${action}`)} · ${order.order_id}`}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t('work.back')}
        </Button>,
        may ? (
          <Button key="do" type="primary" loading={perform.isPending} onClick={carryOut}>
            {t(seen.outcome.answer === 'needs_second' ? 'work.askSecond' : 'work.do')}
          </Button>
        ) : (
          <Button key="look" type="primary" loading={attempt.isPending} onClick={form.submit}>
            {t('work.look')}
          </Button>
        ),
      ]}
    >
      <Form<Filled>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={filled}
        onValuesChange={() => setSeen(null)}
        onFinish={look}
      >
        {fields.map((field) => (
          <FieldOf key={field} field={field} order={order} action={action} />
        ))}
      </Form>
      {seen && <Preview order={order} wish={seen.wish} outcome={seen.outcome} />}
      {error && (
        <div role="alert" className="form-error">
          {faultText(error, t)}
          <RequestId error={error} />
        </div>
      )}
    </Modal>
  );
}

// ---- what has to be said ----------------------------------------------------------------------------------

function FieldOf({ field, order, action }: { field: Field; order: Order; action: string }) {
  const { t } = useTranslation();
  const required = [{ required: true, whitespace: true, message: t('canned.missing') }];
  const chosen = [{ required: true, message: t('canned.missing') }];
  switch (field) {
    case 'address':
      return (
        <>
          <div className="two-fields">
            <Form.Item name="name" label={t('work.field.name')} rules={required}>
              <Input maxLength={MOST.line} autoComplete="off" />
            </Form.Item>
            <Form.Item name="phone" label={t('work.field.phone')} rules={required}>
              <Input maxLength={40} inputMode="tel" autoComplete="off" />
            </Form.Item>
          </div>
          <Form.Item name="region" label={t('work.field.region')} rules={required}>
            <Input maxLength={MOST.line} placeholder={t('work.field.regionHint')} />
          </Form.Item>
          <Form.Item name="detail" label={t('work.field.detail')} rules={required}>
            <Input maxLength={MOST.line} autoComplete="off" />
          </Form.Item>
        </>
      );
    case 'phone':
      return (
        <Form.Item name="phone" label={t('work.field.phone')} rules={required}>
          <Input maxLength={40} inputMode="tel" autoComplete="off" />
        </Form.Item>
      );
    case 'sub_order':
      return (
        <Form.Item name="sub_order" label={t('work.field.sub_order')} rules={chosen}>
          <Select
            options={order.items.map((item, at) => ({
              value: item.sub_id ?? String(at + 1),
              label: `${item.title} ${item.sku_text} × ${item.quantity}`,
            }))}
          />
        </Form.Item>
      );
    case 'sku':
      return <SkuField order={order} />;
    case 'reason':
      return (
        <Form.Item name="reason" label={t('work.field.reason')} rules={action === 'case.open' ? chosen : []}>
          <Select
            showSearch
            allowClear
            optionFilterProp="label"
            options={REASONS.map((value) => ({ value, label: t(`work.reason.${value}`) }))}
          />
        </Form.Item>
      );
    case 'complaint':
      return (
        <Form.Item name="reason" label={t('work.field.complaint')} rules={chosen}>
          <Select options={COMPLAINTS.map((value) => ({ value, label: t(`work.complaint.${value}`) }))} />
        </Form.Item>
      );
    case 'type':
      return (
        <Form.Item name="type" label={t('work.field.type')} rules={chosen}>
          <Select options={TYPES.map((value) => ({ value, label: t(`cases.type.${value}`) }))} />
        </Form.Item>
      );
    case 'received':
      return (
        <Form.Item name="received" label={t('work.field.received')}>
          <Radio.Group
            options={[
              { value: 'yes', label: t('work.field.receivedYes') },
              { value: 'no', label: t('work.field.receivedNo') },
            ]}
          />
        </Form.Item>
      );
    case 'amount':
      return (
        <Form.Item
          name="amount"
          label={t('work.field.amount', { currency: order.currency })}
          extra={action === 'case.open' ? t('work.field.amountHint') : undefined}
          rules={action === 'case.open' ? [] : chosen}
        >
          <InputNumber min={0} precision={2} style={{ width: 180 }} />
        </Form.Item>
      );
    case 'tax_id':
      return (
        <Form.Item name="tax_id" label={t('work.field.tax_id')}>
          <Input maxLength={40} />
        </Form.Item>
      );
    case 'text':
    case 'needed_text':
      return (
        <Form.Item
          name="text"
          label={t(`work.text.${action}`, { defaultValue: t('work.field.text') })}
          rules={field === 'needed_text' ? required : []}
        >
          <Input.TextArea rows={2} maxLength={MOST.text} />
        </Form.Item>
      );
  }
}

function SkuField({ order }: { order: Order }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Filled>();
  const sub = Form.useWatch('sub_order', form);
  const at = order.items.findIndex((one) => one.sub_id === sub);
  const item = order.items[Math.max(at, 0)];
  const products = useProducts(item?.product ?? '').data?.items ?? [];
  const product = products.find((one) => one.product_id === item?.product);
  return (
    <Form.Item name="sku" label={t('work.field.sku')} rules={[{ required: true, message: t('canned.missing') }]}>
      <Select
        options={(product?.skus ?? [])
          .filter((sku) => sku.text !== item?.sku_text)
          .map((sku) => ({
            value: sku.id,
            label: `${sku.text} · ${t('product.stock', { count: sku.stock })}`,
            disabled: sku.stock === 0,
          }))}
      />
    </Form.Item>
  );
}

// ---- what will happen -------------------------------------------------------------------------------------

export function Preview({ order, wish, outcome }: { order: Order; wish: Wish; outcome: Outcome }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  if (outcome.answer === 'refused' || outcome.answer === 'needs_slot') {
    return (
      <div className="sheet-no" role="alert">
        <TriangleAlert size={16} aria-hidden="true" />
        <span>
          {outcome.answer === 'needs_slot'
            ? t('work.missing', { what: t(`work.slot.${outcome.slot}`, { defaultValue: outcome.slot ?? '' }) })
            : whyText(outcome, t)}
          {outcome.text ? ` ${outcome.text}` : ''}
        </span>
      </div>
    );
  }
  const facts: [string, ReactNode][] = [];
  const address = wish.address;
  if (address) {
    const before = `${order.address.name} ${order.address.phone} ${order.address.region} ${order.address.detail}`;
    const after = [address.name, address.phone, address.region, address.detail].filter(Boolean).join(' ');
    facts.push([t('work.fact.change'), <Change key="change" before={before} after={after} />]);
  }
  if (outcome.case) {
    facts.push([t('work.fact.case'), t(`cases.type.${outcome.case.type}`, { defaultValue: outcome.case.type })]);
    facts.push([t('work.fact.state'), t(`cases.state.${outcome.case.state}`, { defaultValue: outcome.case.state })]);
    facts.push([t('work.fact.payer'), t(`work.payer.${outcome.case.payer}`, { defaultValue: outcome.case.payer })]);
  }
  if (outcome.amount_cents > 0) {
    facts.push([t('work.fact.amount'), <b key="amount">{format.money(outcome.amount_cents, order.currency)}</b>]);
  }
  facts.push(...calculationOf(outcome, order, format, t));
  if (outcome.ticket !== '') facts.push([t('work.fact.ticket'), outcome.ticket]);
  if (outcome.carrier !== '') {
    facts.push([t('work.fact.carrier'), `${outcome.carrier} ${outcome.carrier_phone} ${outcome.tracking_no}`]);
  }
  if (outcome.due_at) facts.push([t('work.fact.due'), format.full(outcome.due_at)]);
  return (
    <section className="sheet-preview" aria-label={t('work.preview')} role="status">
      <p className="sheet-title">{t('work.preview')}</p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {outcome.answer === 'needs_second' && (
        <p className="sheet-second">
          <Scale size={15} aria-hidden="true" /> {t('work.second')}
        </p>
      )}
      <RulesUsed rules={outcome.rules} />
      {facts.length === 0 && outcome.answer !== 'needs_second' && <p className="quiet">{t('work.nothingElse')}</p>}
    </section>
  );
}

/** Who may do what is asked of every action and says nothing about this one. */
const OF_ALL: readonly string[] = ['action.off', 'action.matrix', 'action.limits'];
const SHORT = 24;

/** The rules that it goes by, each with its value and since when it holds. */
export function RulesUsed({ rules }: { rules: Parameters<typeof rulesUsed>[0] }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const currency = useMe().data?.shop.currency;
  const valueOf = (key: string, value: string) => {
    if (currency !== undefined && isMoney(key) && /^\d+$/.test(value)) return format.money(Number(value), currency);
    return value.length > SHORT ? '…' : value;
  };
  const telling = rulesUsed(rules).filter((rule) => !OF_ALL.includes(rule.key));
  if (telling.length === 0) return null;
  return (
    <span className="sheet-rules">
      {telling.map((rule) => (
        <code key={rule.key} title={rule.from ? t('work.ruleFrom', { date: format.day(rule.from) }) : undefined}>
          {rule.key} = {valueOf(rule.key, rule.value)}
        </code>
      ))}
    </span>
  );
}

function Change({ before, after }: { before: string; after: string }) {
  return (
    <span className="change">
      <del>{before}</del> <ArrowRight size={13} aria-hidden="true" /> <ins>{after}</ins>
    </span>
  );
}

/** The members of a calculation in its own order: money as money, times as times, the rest as it is. */
function calculationOf(
  outcome: Outcome,
  order: Order,
  format: ReturnType<typeof useShopFormat>,
  t: (key: string, options?: Record<string, unknown>) => string,
): [string, ReactNode][] {
  return Object.entries(outcome.calculation ?? {})
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => {
      const label = t(`work.calculation.${name}`, { defaultValue: name });
      if (typeof value === 'number' && name.endsWith('_cents')) return [label, format.money(value, order.currency)];
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return [label, format.full(value)];
      return [label, String(value)];
    });
}
