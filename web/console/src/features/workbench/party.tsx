// SPDX-License-Identifier: Apache-2.0
//
// A third person in the conversation: asked in by who has it, shown above the stream, and, for the guest, a place to
// write in. The buyer reads who came and who speaks.
import type { Colleague } from '@xiaoer/protocol/wire';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { SendHorizontal, UserPlus, X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/http.ts';
import { useMe, usePeople } from '../../api/queries.ts';
import { useGuestActions, useGuests, type Guest } from '../../api/solutions.ts';
import { useLive } from '../../live/store.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import { useDesk } from './desk.ts';

const LIMITS = { team: 20, note: 500, text: 2000 };

/** Guests that are asked in or here. */
export const presentOf = (guests: Guest[] | undefined): Guest[] => (guests ?? []).filter((one) => one.left_at === null);

function useHere(id: string): Guest[] | undefined {
  const seq = useLive((state) => state.rows.byId[id]?.seq ?? 0);
  return useGuests(id, seq).data;
}

/** My own part in it, while I am asked in. */
export function useMyPart(id: string): Guest | undefined {
  const guests = useHere(id);
  const me = useLive((state) => state.me);
  return presentOf(guests).find((one) => one.person.id === me);
}

// ---- asking in --------------------------------------------------------------------------------------------

export function InviteDialog({ id }: { id: string }) {
  const { t } = useTranslation();
  const { invite } = useGuestActions(id);
  const { close } = useDesk.getState();
  const people = usePeople().data ?? [];
  const me = useMe().data?.id;
  const here = new Set(presentOf(useHere(id)).map((one) => one.person.id));
  const [form] = Form.useForm<{ person: string; team: string; note: string }>();
  useReturnFocus();
  const label = (one: Colleague) => `${one.alias || one.name} · ${t(`status.${one.status}`)}`;
  return (
    <Modal
      open
      title={t('party.invite')}
      onCancel={close}
      onOk={form.submit}
      okText={t('party.submit')}
      okButtonProps={{ loading: invite.isPending }}
      width={480}
    >
      <p className="quiet">{t('party.lead')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ team: '', note: '' }}
        onFinish={(values) => invite.mutate(values, { onSuccess: close })}
      >
        <Form.Item
          name="person"
          label={t('party.person')}
          rules={[{ required: true, message: t('party.personMissing') }]}
        >
          <Select
            showSearch
            optionFilterProp="label"
            options={people
              .filter((one) => one.id !== me && !here.has(one.id))
              .map((one) => ({ value: one.id, label: label(one) }))}
          />
        </Form.Item>
        <Form.Item name="team" label={t('party.team')} extra={t('party.teamHint')}>
          <Input maxLength={LIMITS.team} placeholder={t('party.teamExample')} />
        </Form.Item>
        <Form.Item name="note" label={t('party.note')}>
          <Input.TextArea rows={3} maxLength={LIMITS.note} placeholder={t('party.noteHint')} />
        </Form.Item>
        {invite.isError && (
          <div role="alert" className="form-error">
            {faultText(invite.error, t)}
            <RequestId error={invite.error} />
          </div>
        )}
      </Form>
    </Modal>
  );
}

// ---- who is here ------------------------------------------------------------------------------------------

export function GuestChips({ id, mine }: { id: string; mine: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const guests = presentOf(useHere(id));
  const { leave } = useGuestActions(id);
  if (guests.length === 0) return null;
  return (
    <ul className="plain-list party-chips" aria-label={t('party.here')}>
      {guests.map((guest) => (
        <li key={guest.person.id} className={`chip ${guest.joined_at ? 'chip-good' : 'chip-mute'}`}>
          <UserPlus size={13} aria-hidden="true" />
          {guest.person.name}
          {guest.team !== '' && ` · ${guest.team}`}
          <small>{t(guest.joined_at ? 'party.joined' : 'party.invited')}</small>
          {mine && (
            <button
              type="button"
              aria-label={t('party.letGo', { name: guest.person.name })}
              onClick={() =>
                leave.mutate(guest.person.id, { onError: (error) => void message.error(faultText(error, t)) })
              }
            >
              <X size={13} aria-hidden="true" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

// ---- being the guest --------------------------------------------------------------------------------------

/** Below the stream, where somebody else has the conversation and asked me in. */
export function GuestComposer({ id, part }: { id: string; part: Guest }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { join, leave, say } = useGuestActions(id);
  const [text, setText] = useState('');
  const [clientId, setClientId] = useState(newId);
  const complain = (error: unknown) => void message.error(faultText(error, t));

  if (part.joined_at === null) {
    return (
      <div className="banner" role="status">
        <p>
          <b>{t('party.asked', { name: part.invited_by })}</b>
          {part.note !== '' && <> {part.note}</>}
        </p>
        <Button type="primary" loading={join.isPending} onClick={() => join.mutate(undefined, { onError: complain })}>
          {t('party.join')}
        </Button>
        <Button loading={leave.isPending} onClick={() => leave.mutate(part.person.id, { onError: complain })}>
          {t('party.decline')}
        </Button>
      </div>
    );
  }

  /* The same id until it is stored: however often it is sent, it is said once. */
  const send = () => {
    const said = text.trim();
    if (said === '' || say.isPending) return;
    say.mutate(
      { clientId, text: said },
      {
        onSuccess: () => {
          setText('');
          setClientId(newId());
        },
        onError: complain,
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="guest-composer">
      <p className="quiet">
        {t('party.asGuest', { team: part.team || t('party.noTeam') })}{' '}
        <Button
          type="link"
          size="small"
          loading={leave.isPending}
          onClick={() => leave.mutate(part.person.id, { onError: complain })}
        >
          {t('party.leave')}
        </Button>
      </p>
      <div className="guest-write">
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={text}
          maxLength={LIMITS.text}
          aria-label={t('party.write')}
          placeholder={t('party.write')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button
          type="primary"
          icon={<SendHorizontal size={15} aria-hidden="true" />}
          loading={say.isPending}
          disabled={text.trim() === ''}
          onClick={send}
        >
          {t('composer.send')}
        </Button>
      </div>
    </div>
  );
}
