// SPDX-License-Identifier: Apache-2.0
//
// The canned replies that `/` offers while writing: the shop's, which everyone has, and one's own. Whether a
// person may change the shop's is the server's to say; a refusal is shown where it happened.
import type { Canned } from '@xiaoer/protocol/wire';
import { App, Button, Form, Input, Modal, Popconfirm, Radio } from 'antd';
import { Pencil, Plus, Search, Trash2, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanned, useCannedActions } from '../../api/queries.ts';
import { Bones, Failed, Nothing, RequestId, faultText } from '../../ui/states.tsx';
import { VARIABLES } from '../workbench/canned.ts';

const LIMITS = { group: 30, title: 60, text: 2000 } as const;
type Edited = Omit<Canned, 'id'> & { id?: string };
const BLANK: Edited = { scope: 'mine', group: '', title: '', text: '' };

export function CannedSettings() {
  const { t } = useTranslation();
  const canned = useCanned();
  const [q, setQ] = useState('');
  const [edited, setEdited] = useState<Edited | null>(null);

  return (
    <>
      <p className="quiet">{t('canned.lead')}</p>
      <div className="toolbar">
        <Input
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
          prefix={<Search size={15} aria-hidden="true" />}
          placeholder={t('canned.search')}
          aria-label={t('canned.search')}
        />
        <Button type="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEdited(BLANK)}>
          {t('canned.add')}
        </Button>
      </div>
      {canned.isPending && <Bones rows={5} />}
      {canned.isError && <Failed error={canned.error} onRetry={() => void canned.refetch()} />}
      {canned.data && <Replies all={canned.data} q={q} onEdit={setEdited} />}
      {edited && <Editor edited={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function Replies({ all, q, onEdit }: { all: Canned[]; q: string; onEdit(one: Canned): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { drop } = useCannedActions();
  const wanted = q.trim().toLowerCase();
  const shown = all.filter((one) => `${one.group} ${one.title} ${one.text}`.toLowerCase().includes(wanted));
  if (shown.length === 0) return <Nothing text={t(wanted === '' ? 'canned.none' : 'canned.notFound')} icon={Zap} />;

  const groups = [...new Set(shown.map((one) => one.group))].sort();
  return groups.map((group) => (
    <section key={group} className="canned-group">
      <h2>{group || t('canned.noGroup')}</h2>
      <ul className="plain-list">
        {shown
          .filter((one) => one.group === group)
          .map((one) => (
            <li key={one.id} className="canned-item">
              <div>
                <b>{one.title}</b>{' '}
                <span className={one.scope === 'mine' ? 'tag tag-tint' : 'tag'}>{t(`canned.${one.scope}`)}</span>
                <p>{one.text}</p>
              </div>
              <Button
                type="text"
                aria-label={t('canned.edit', { title: one.title })}
                icon={<Pencil size={15} aria-hidden="true" />}
                onClick={() => onEdit(one)}
              />
              <Popconfirm
                title={t('canned.dropAsk', { title: one.title })}
                okText={t('canned.drop')}
                onConfirm={() => drop.mutate(one.id, { onError: (error) => void message.error(faultText(error, t)) })}
              >
                <Button
                  type="text"
                  danger
                  aria-label={t('canned.dropOne', { title: one.title })}
                  icon={<Trash2 size={15} aria-hidden="true" />}
                />
              </Popconfirm>
            </li>
          ))}
      </ul>
    </section>
  ));
}

function Editor({ edited, onClose }: { edited: Edited; onClose(): void }) {
  const { t } = useTranslation();
  const { save } = useCannedActions();
  const [form] = Form.useForm<Edited>();
  const required = [{ required: true, whitespace: true, message: t('canned.missing') }];

  return (
    <Modal
      open
      title={t(edited.id ? 'canned.editTitle' : 'canned.add')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('canned.save')}
      okButtonProps={{ loading: save.isPending }}
    >
      <Form<Edited>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={edited}
        onFinish={(values) => save.mutate({ ...values, id: edited.id }, { onSuccess: onClose })}
      >
        <Form.Item name="scope" label={t('canned.scope')}>
          <Radio.Group
            options={[
              { value: 'mine', label: t('canned.mine') },
              { value: 'shop', label: t('canned.shop') },
            ]}
          />
        </Form.Item>
        <Form.Item name="group" label={t('canned.group')}>
          <Input maxLength={LIMITS.group} placeholder={t('canned.groupHint')} />
        </Form.Item>
        <Form.Item name="title" label={t('canned.title')} rules={required}>
          <Input maxLength={LIMITS.title} />
        </Form.Item>
        <Form.Item
          name="text"
          label={t('canned.text')}
          rules={required}
          extra={t('canned.variables', { list: VARIABLES.map((name) => `{${name}}`).join(' ') })}
        >
          <Input.TextArea rows={5} maxLength={LIMITS.text} showCount />
        </Form.Item>
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
