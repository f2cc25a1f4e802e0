// SPDX-License-Identifier: Apache-2.0
//
// Handing a conversation to a colleague or a group, with a note that tells them what the buyer should not have to
// say again. Who is offline or full can be seen and, if it must be, still chosen: the server decides.
import { Form, Input, Modal, Radio, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroups, useMe, usePeople } from '../../api/queries.ts';
import { Bones, Failed, Nothing, RequestId, faultText } from '../../ui/states.tsx';
import type { Actions } from './actions.ts';
import { useDesk } from './desk.ts';

const MOST_NOTE = 500;
type Kind = 'person' | 'group';

export function TransferDialog({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>('person');
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const { close } = useDesk.getState();

  const submit = async () => {
    setState({ busy: true, error: null });
    try {
      await actions.transfer(id, { [kind === 'person' ? 'to_person' : 'to_group']: to, note: note.trim() });
      close();
    } catch (error) {
      setState({ busy: false, error });
    }
  };

  return (
    <Modal
      open
      title={t('transfer.title')}
      onCancel={close}
      onOk={() => void submit()}
      okText={t('transfer.submit')}
      okButtonProps={{ disabled: to === '', loading: state.busy }}
      width={480}
    >
      <Form layout="vertical">
        <Segmented<Kind>
          block
          value={kind}
          options={[
            { value: 'person', label: t('transfer.person') },
            { value: 'group', label: t('transfer.group') },
          ]}
          onChange={(next) => {
            setKind(next);
            setTo('');
          }}
        />
        {kind === 'person' ? <People to={to} onChoose={setTo} /> : <Groups to={to} onChoose={setTo} />}
        <Form.Item label={t('transfer.note')} htmlFor="transfer-note">
          <Input.TextArea
            id="transfer-note"
            value={note}
            rows={3}
            maxLength={MOST_NOTE}
            placeholder={t('transfer.noteHint')}
            onChange={(event) => setNote(event.target.value)}
          />
        </Form.Item>
        {state.error !== null && (
          <div role="alert" className="form-error">
            {faultText(state.error, t)}
            <RequestId error={state.error} />
          </div>
        )}
      </Form>
    </Modal>
  );
}

interface ChooseProps {
  to: string;
  onChoose(id: string): void;
}

function People({ to, onChoose }: ChooseProps) {
  const { t } = useTranslation();
  const people = usePeople();
  const me = useMe().data;
  const [q, setQ] = useState('');
  if (people.isPending) return <Bones rows={4} avatar />;
  if (people.isError) return <Failed error={people.error} onRetry={() => void people.refetch()} />;

  const others = people.data
    .filter((one) => one.id !== me?.id)
    .filter((one) => `${one.name} ${one.alias} ${one.skills.join(' ')}`.toLowerCase().includes(q.trim().toLowerCase()))
    .sort((a, b) => Number(b.status === 'online') - Number(a.status === 'online') || a.load / a.cap - b.load / b.cap);
  return (
    <>
      <Input
        autoFocus
        value={q}
        onChange={(event) => setQ(event.target.value)}
        placeholder={t('transfer.search')}
        aria-label={t('transfer.search')}
        allowClear
      />
      <div className="choose">
        {others.length === 0 && <Nothing text={t('transfer.nobody')} />}
        <Radio.Group
          value={to}
          onChange={(event) => onChoose(event.target.value as string)}
          aria-label={t('transfer.person')}
        >
          {others.map((one) => (
            <Radio key={one.id} value={one.id}>
              <i className={`dot dot-${one.status}`} />
              <b>{one.alias || one.name}</b>
              <small>
                {t(`status.${one.status}`)} · {one.load}/{one.cap}
                {one.skills.length > 0 &&
                  ` · ${one.skills.map((skill) => t(`skill.${skill}`, { defaultValue: skill })).join('、')}`}
              </small>
            </Radio>
          ))}
        </Radio.Group>
      </div>
    </>
  );
}

function Groups({ to, onChoose }: ChooseProps) {
  const { t } = useTranslation();
  const groups = useGroups();
  if (groups.isPending) return <Bones rows={3} />;
  if (groups.isError) return <Failed error={groups.error} onRetry={() => void groups.refetch()} />;
  return (
    <div className="choose">
      {groups.data.length === 0 && <Nothing text={t('transfer.nobody')} />}
      <Radio.Group
        value={to}
        onChange={(event) => onChoose(event.target.value as string)}
        aria-label={t('transfer.group')}
      >
        {groups.data.map((group) => (
          <Radio key={group.skill} value={group.skill}>
            <b>{t(`skill.${group.skill}`, { defaultValue: group.skill })}</b>
            <small>{t('transfer.groupState', { online: group.online, waiting: group.waiting })}</small>
          </Radio>
        ))}
      </Radio.Group>
    </div>
  );
}
