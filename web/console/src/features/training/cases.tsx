// SPDX-License-Identifier: Apache-2.0
//
// Test cases: texts with the intent that they must be heard as. Every new version is held against them; one that
// fails a case that must pass is not released.
import { App, Button, Form, Input, Modal, Popconfirm, Switch } from 'antd';
import { ClipboardCheck, FileUp, Pencil, Plus, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTeaching, useTestCases, type TestCase } from '../../api/training.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFigures } from '../../ui/figures.ts';
import { FIRST, focusFirst, useReturnFocus } from '../../ui/focus.ts';
import { useFormat } from '../../ui/time.ts';
import { ImportDialog } from '../knowledge/importer.tsx';
import { teachingFault, useComplain } from './deeds.ts';
import { IntentSelect, useIntentName } from '../../ui/intents.tsx';

type Edited = Pick<TestCase, 'text' | 'must_pass'> & { intent?: string; old?: boolean };
const BLANK: Edited = { text: '', must_pass: false };

export function Cases() {
  const { t } = useTranslation();
  const { number } = useFigures();
  const cases = useTestCases();
  const nameOf = useIntentName();
  const [q, setQ] = useState('');
  const [edited, setEdited] = useState<Edited | null>(null);
  const [importing, setImporting] = useState(false);
  const words = q.trim().toLowerCase();
  const shown = cases.data?.filter((one) => `${one.text} ${nameOf(one.intent)}`.toLowerCase().includes(words)) ?? [];
  const must = cases.data?.filter((one) => one.must_pass).length ?? 0;
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('training.section.cases')}</h2>
          <p className="quiet">{t('training.casesLead')}</p>
          {cases.data && (
            <p className="quiet">{t('training.casesCount', { count: cases.data.length, must: number(must) })}</p>
          )}
        </div>
      </div>
      <div className="tools">
        <Input
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
          prefix={<Search size={15} aria-hidden="true" />}
          placeholder={t('training.searchCase')}
          aria-label={t('training.searchCase')}
        />
        <span className="space" />
        <Button icon={<FileUp size={15} aria-hidden="true" />} onClick={() => setImporting(true)}>
          {t('training.import')}
        </Button>
        <Button type="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEdited(BLANK)}>
          {t('training.addCase')}
        </Button>
      </div>
      {cases.isPending && <Bones rows={6} />}
      {cases.isError && !cases.data && <Failed error={cases.error} onRetry={() => void cases.refetch()} />}
      {cases.data && shown.length === 0 && (
        <Nothing text={t(words === '' ? 'training.noCases' : 'training.noCaseFound')} icon={ClipboardCheck} />
      )}
      <ul className="plain-list">
        {shown.map((one) => (
          <Case key={one.text} one={one} name={nameOf(one.intent)} onEdit={() => setEdited({ ...one, old: true })} />
        ))}
      </ul>
      {edited && <Editor edited={edited} onClose={() => setEdited(null)} />}
      {importing && <ImportDialog kind="cases" onClose={() => setImporting(false)} />}
    </main>
  );
}

function Case({ one, name, onEdit }: { one: TestCase; name: string; onEdit(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useFormat();
  const { save, drop } = useTeaching('cases');
  const complain = useComplain();

  const remove = () =>
    drop.mutate(one.text, {
      onError: complain,
      onSuccess: () =>
        void message.open({
          type: 'success',
          duration: 8,
          content: (
            <span className="told">
              {t('training.dropped')}
              <Button type="link" size="small" onClick={() => save.mutate(one, { onError: complain })}>
                {t('training.undo')}
              </Button>
            </span>
          ),
        }),
    });

  return (
    <li className="taught">
      <div>
        <p>{one.text}</p>
        <small>
          <span className="tag tag-tint">{name}</span>{' '}
          <time dateTime={one.changed_at} title={format.full(one.changed_at)}>
            {format.brief(one.changed_at)}
          </time>
        </small>
      </div>
      <label className="must">
        <Switch
          size="small"
          checked={one.must_pass}
          loading={save.isPending}
          onChange={(must_pass) => save.mutate({ ...one, must_pass }, { onError: complain })}
          aria-label={t('training.mustPassOf', { text: one.text })}
        />
        <span>{t('training.mustPassTag')}</span>
      </label>
      <Button
        type="text"
        icon={<Pencil size={15} aria-hidden="true" />}
        aria-label={t('training.edit', { text: one.text })}
        onClick={onEdit}
      />
      <Popconfirm title={t('training.dropCaseAsk')} okText={t('training.drop')} onConfirm={remove}>
        <Button
          type="text"
          danger
          icon={<Trash2 size={15} aria-hidden="true" />}
          aria-label={t('training.dropOne', { text: one.text })}
        />
      </Popconfirm>
    </li>
  );
}

function Editor({ edited, onClose }: { edited: Edited; onClose(): void }) {
  const { t } = useTranslation();
  const { save } = useTeaching('cases');
  const [form] = Form.useForm<Edited>();
  useReturnFocus();
  return (
    <Modal
      open
      title={t(edited.old ? 'training.editCase' : 'training.addCase')}
      afterOpenChange={focusFirst}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('training.saveCase')}
      okButtonProps={{ loading: save.isPending }}
    >
      <Form<Edited>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={edited}
        onFinish={({ text, intent, must_pass }) =>
          save.mutate({ text: text.trim(), intent: intent!, must_pass }, { onSuccess: onClose })
        }
      >
        <Form.Item
          name="text"
          label={t('training.caseText')}
          rules={[{ required: true, whitespace: true, message: t('training.missing') }]}
        >
          <Input
            {...(edited.old ? {} : FIRST)}
            maxLength={100}
            disabled={edited.old}
            placeholder={t('training.caseHint')}
          />
        </Form.Item>
        <Form.Item
          name="intent"
          label={t('training.mustBeHeard')}
          rules={[{ required: true, message: t('training.chooseIntent') }]}
        >
          <IntentSelect />
        </Form.Item>
        <Form.Item name="must_pass" label={t('training.mustPassCheck')} valuePropName="checked">
          <Switch />
        </Form.Item>
        {save.isError && (
          <div role="alert" className="form-error">
            {teachingFault(save.error, t)}
          </div>
        )}
      </Form>
    </Modal>
  );
}
