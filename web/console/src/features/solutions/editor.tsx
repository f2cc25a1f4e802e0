// SPDX-License-Identifier: Apache-2.0
//
// One solution in a dialog: when it fits, what is to be done, why, and the words for the buyer.
import { Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import {
  KINDS,
  useSolutionActions,
  useSolutionTable,
  type SolutionKind,
  type SolutionRow,
} from '../../api/solutions.ts';
import { useIntents } from '../../api/training.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import {
  ACTIONS,
  CASES,
  CASE_DEEDS,
  EMOTIONS,
  STATUSES,
  TEAMS,
  VALUES,
  join,
  newSolutionId,
  split,
} from './solution.ts';

interface Values {
  intents: string[];
  statuses: string[];
  cases: string[];
  emotions: string[];
  kind: SolutionKind;
  what: string;
  args: string;
  policy: string;
  weight: number;
  title: string;
  why: string;
  text: string;
}

const WHATS: Partial<Record<SolutionKind, readonly string[]>> = {
  action: ACTIONS,
  case: CASE_DEEDS,
  work_order: TEAMS,
};

export function SolutionEditor({ row, onClose }: { row: SolutionRow; onClose(): void }) {
  const { t } = useTranslation();
  const { save } = useSolutionActions();
  const table = useSolutionTable().data ?? [];
  const intents = useIntents().data ?? [];
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? row.kind;
  const whats = WHATS[kind];
  useReturnFocus();

  const finish = (values: Values) => {
    const id =
      row.id ||
      newSolutionId(
        values.title,
        table.map((one) => one.id),
        Date.now(),
      );
    save.mutate(
      {
        ...values,
        id,
        intents: join(values.intents),
        statuses: join(values.statuses),
        cases: join(values.cases),
        emotions: join(values.emotions),
        what: WHATS[values.kind] ? values.what : '',
        off: row.off,
        version: row.own ? row.version : 0,
      },
      { onSuccess: onClose },
    );
  };

  const many = (names: readonly string[], words: (name: string) => string) =>
    names.map((value) => ({ value, label: words(value) }));
  const required = [{ required: true, whitespace: true, message: t('canned.missing') }];
  return (
    <Modal
      open
      width={680}
      title={t(row.id === '' ? 'solutions.add' : 'solutions.editTitle')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('canned.save')}
      okButtonProps={{ loading: save.isPending }}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ...row,
          intents: split(row.intents),
          statuses: split(row.statuses),
          cases: split(row.cases),
          emotions: split(row.emotions),
        }}
        onFinish={finish}
      >
        <div className="form-grid">
          <Form.Item name="intents" label={t('solutions.intents')}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              placeholder={t('solutions.any')}
              options={intents.map((one) => ({ value: one.id, label: `${one.name} ${one.id}` }))}
            />
          </Form.Item>
          <Form.Item name="statuses" label={t('solutions.statuses')}>
            <Select
              mode="multiple"
              placeholder={t('solutions.any')}
              options={many(STATUSES, (one) => t(`solutions.status.${one}`))}
            />
          </Form.Item>
          <Form.Item name="cases" label={t('solutions.cases')}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              placeholder={t('solutions.any')}
              options={many(CASES, (one) =>
                t(`solutions.case.${one}`, { defaultValue: t(`cases.state.${one}`, { defaultValue: one }) }),
              )}
            />
          </Form.Item>
          <Form.Item name="emotions" label={t('solutions.emotions')}>
            <Select
              mode="multiple"
              placeholder={t('solutions.any')}
              options={many(EMOTIONS, (one) => t(`emotion.${one}`))}
            />
          </Form.Item>
        </div>
        <Form.Item name="kind" label={t('solutions.kindLabel')}>
          <Radio.Group options={many(KINDS, (one) => t(`solutions.kind.${one}`))} />
        </Form.Item>
        <div className="form-grid">
          {whats && (
            <Form.Item name="what" label={t(`solutions.what.${kind}`)} rules={required}>
              <Select
                options={many(whats, (one) => {
                  if (kind === 'action') return t(`work.action.${one}`, { defaultValue: one });
                  return kind === 'case' ? t(`cases.deed.${one}`) : t(`orders.team.${one}`);
                })}
              />
            </Form.Item>
          )}
          <Form.Item name="weight" label={t('solutions.weight')} tooltip={t('solutions.weightHint')}>
            <InputNumber min={0} max={100} />
          </Form.Item>
        </div>
        <Form.Item name="title" label={t('solutions.name')} rules={required}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="why" label={t('solutions.why')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          name="text"
          label={t('solutions.text')}
          rules={kind === 'reply' ? required : []}
          extra={t('solutions.values', { list: VALUES.map((name) => `{${name}}`).join(' ') })}
        >
          <Input.TextArea rows={3} maxLength={1000} showCount />
        </Form.Item>
        <div className="form-grid">
          <Form.Item name="policy" label={t('solutions.policy')}>
            <Input maxLength={64} placeholder="refund.unshipped.seller" />
          </Form.Item>
          <Form.Item name="args" label={t('solutions.args')} rules={[{ validator: isObject(t('solutions.badArgs')) }]}>
            <Input maxLength={1000} placeholder='{"type":"refund_only"}' />
          </Form.Item>
        </div>
        {save.isError && (
          <div role="alert" className="form-error">
            {faultText(save.error, t)}
            <RequestId error={save.error} />
          </div>
        )}
      </Form>
    </Modal>
  );
}

const isObject = (complaint: string) => (_rule: unknown, text: string | undefined) => {
  if (!text) return Promise.resolve();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Promise.resolve();
  } catch {
    // said below
  }
  return Promise.reject(new Error(complaint));
};
