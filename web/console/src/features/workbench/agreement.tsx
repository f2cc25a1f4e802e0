// SPDX-License-Identifier: Apache-2.0
//
// Agreements with the buyer: proposed in a dialog, confirmed by the buyer with a button in the chat, and shown above the
// stream with their term until they are kept.
import { App, Button, Form, Input, InputNumber, Modal, Popconfirm, Select } from 'antd';
import { Handshake } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/http.ts';
import { useMe, useOrders } from '../../api/queries.ts';
import { useAgreementActions, useAgreements, type Agreement, type AgreementState } from '../../api/solutions.ts';
import { useLive } from '../../live/store.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { useDesk } from './desk.ts';

const MOST_TEXT = 500;

const TONES: Record<AgreementState, string> = {
  proposed: 'warn',
  agreed: 'info',
  overdue: 'bad',
  kept: 'good',
  declined: 'mute',
  withdrawn: 'mute',
  lapsed: 'mute',
};
/** Over and done with: said in the stream, not kept above it. */
const OVER: readonly AgreementState[] = ['declined', 'withdrawn', 'lapsed', 'kept'];

interface Values {
  text: string;
  /** As the field has it: local time without a zone. */
  due: string;
  amount: number | null;
  order: string;
}

export function AgreementDialog({ id, text }: { id: string; text: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { propose } = useAgreementActions(id);
  const { close } = useDesk.getState();
  const currency = useMe().data?.shop.currency ?? '';
  const orders = useOrders(id).data?.items ?? [];
  const [clientId] = useState(newId);
  const [form] = Form.useForm<Values>();
  useReturnFocus();

  const finish = ({ text: words, due, amount, order }: Values) =>
    propose.mutate(
      {
        clientId,
        text: words.trim(),
        dueAt: new Date(due).toISOString(),
        amountCents: Math.round((amount ?? 0) * 100),
        orderId: order,
      },
      {
        onSuccess: () => {
          void message.success(t('agreement.proposed'));
          close();
        },
      },
    );
  return (
    <Modal
      open
      title={t('agreement.title')}
      onCancel={close}
      onOk={form.submit}
      okText={t('agreement.submit')}
      okButtonProps={{ loading: propose.isPending }}
      width={520}
    >
      <p className="quiet">{t('agreement.lead')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ text, order: orders[0]?.order_id ?? '', amount: null }}
        onFinish={finish}
      >
        <Form.Item
          name="text"
          label={t('agreement.text')}
          rules={[{ required: true, whitespace: true, message: t('agreement.textMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={MOST_TEXT} showCount placeholder={t('agreement.textHint')} />
        </Form.Item>
        <div className="two-fields">
          <Form.Item
            name="due"
            label={t('agreement.due')}
            rules={[{ required: true, message: t('agreement.dueMissing') }]}
          >
            <Input type="datetime-local" />
          </Form.Item>
          <Form.Item name="amount" label={t('agreement.amount', { currency })} extra={t('agreement.amountHint')}>
            <InputNumber min={0} precision={2} style={{ width: '100%' }} />
          </Form.Item>
        </div>
        {orders.length > 0 && (
          <Form.Item name="order" label={t('agreement.order')}>
            <Select
              options={[
                { value: '', label: t('agreement.noOrder') },
                ...orders.map((one) => ({ value: one.order_id, label: `${one.order_id} · ${one.status_text}` })),
              ]}
            />
          </Form.Item>
        )}
        {propose.isError && (
          <div role="alert" className="form-error">
            {faultText(propose.error, t)}
            <RequestId error={propose.error} />
          </div>
        )}
      </Form>
    </Modal>
  );
}

export function AgreementBars({ id, mine }: { id: string; mine: boolean }) {
  const { t } = useTranslation();
  const seq = useLive((state) => state.rows.byId[id]?.seq ?? 0);
  const agreements = useAgreements(id, seq).data ?? [];
  const running = agreements.filter((one) => !OVER.includes(one.state));
  if (running.length === 0) return null;
  return (
    <ul className="plain-list agreements" aria-label={t('agreement.list')}>
      {running.map((one) => (
        <Bar key={one.id} agreement={one} mine={mine} />
      ))}
    </ul>
  );
}

function Bar({ agreement, mine }: { agreement: Agreement; mine: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useFormat();
  const currency = useMe().data?.shop.currency ?? '';
  const { settle } = useAgreementActions(agreement.conversation);
  const how = agreement.state === 'proposed' ? 'withdraw' : 'keep';
  return (
    <li className="agreement-bar">
      <Handshake size={16} aria-hidden="true" />
      <span className="agreement-text">
        <span className={`chip chip-${TONES[agreement.state]}`}>{t(`agreement.state.${agreement.state}`)}</span>{' '}
        {agreement.text}
        {agreement.amount_cents > 0 && <b> {format.money(agreement.amount_cents, currency)}</b>}
        <small>
          {' '}
          <time dateTime={agreement.due_at} title={format.full(agreement.due_at)}>
            {t('agreement.by', { time: format.dayAndClock(agreement.due_at) })}
          </time>
        </small>
      </span>
      {mine && (
        <Popconfirm
          title={t(`agreement.ask.${how}`)}
          okText={t(`agreement.${how}`)}
          onConfirm={() =>
            settle.mutate(
              { id: agreement.id, how, note: '' },
              { onError: (error) => void message.error(faultText(error, t)) },
            )
          }
        >
          <Button size="small" loading={settle.isPending}>
            {t(`agreement.${how}`)}
          </Button>
        </Popconfirm>
      )}
    </li>
  );
}
