// SPDX-License-Identifier: Apache-2.0
//
// A task for another team, from the workbench: to the warehouse, logistics, finance. It gets a number and a due time in
// the shop's opening hours, and stays linked to the conversation and the order.
import { App, Form, Input, Modal, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrders } from '../../api/queries.ts';
import { TEAMS, useWorkOrderActions } from '../../api/workorders.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import { useDesk, type Task } from '../workbench/desk.ts';

const MOST_TEXT = 500;

export function WorkOrderDialog({ conversation, task }: { conversation: string; task: Task }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { create } = useWorkOrderActions();
  const { close } = useDesk.getState();
  const orders = useOrders(conversation).data?.items ?? [];
  const [form] = Form.useForm<Task>();
  useReturnFocus();
  return (
    <Modal
      open
      title={t('orders.new')}
      onCancel={close}
      onOk={form.submit}
      okText={t('orders.submit')}
      okButtonProps={{ loading: create.isPending }}
      width={520}
    >
      <Form<Task>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...task, team: task.team || TEAMS[0], order: task.order || (orders[0]?.order_id ?? '') }}
        onFinish={({ team, order, text }) =>
          create.mutate(
            { team, text: text.trim(), conversation, ...(order === '' ? {} : { order }) },
            {
              onSuccess: (made) => {
                void message.success(t('orders.made', { ticket: made.ticket }));
                close();
              },
            },
          )
        }
      >
        <Form.Item name="team" label={t('orders.teamLabel')}>
          <Radio.Group options={TEAMS.slice(0, 4).map((value) => ({ value, label: t(`orders.team.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="text"
          label={t('orders.text')}
          rules={[{ required: true, whitespace: true, message: t('orders.textMissing') }]}
        >
          <Input.TextArea rows={4} maxLength={MOST_TEXT} showCount placeholder={t('orders.textHint')} />
        </Form.Item>
        <Form.Item name="order" label={t('orders.order')}>
          <Select
            options={[
              { value: '', label: t('agreement.noOrder') },
              ...orders.map((one) => ({ value: one.order_id, label: `${one.order_id} · ${one.status_text}` })),
            ]}
          />
        </Form.Item>
        {create.isError && (
          <div role="alert" className="form-error">
            {faultText(create.error, t)}
            <RequestId error={create.error} />
          </div>
        )}
      </Form>
    </Modal>
  );
}
