// SPDX-License-Identifier: Apache-2.0
//
// The command menu (Ctrl+K): every verb of the workbench, my statuses, pages and the conversations that are loaded
// here, found by typing. What cannot be done now is not offered.
import { Modal } from 'antd';
import {
  ArrowLeftRight,
  BookMarked,
  CircleCheckBig,
  CircleHelp,
  ClipboardList,
  Coffee,
  Hand,
  Handshake,
  MessageSquareText,
  NotebookPen,
  PanelRight,
  Reply,
  Settings,
  UserPlus,
  Zap,
  type LucideIcon,
} from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSetStatus } from '../../api/queries.ts';
import { keysOf, type ShortcutName } from '../../app/shortcuts.ts';
import { useLive } from '../../live/store.ts';
import { Keys } from '../../ui/kbd.tsx';
import { isMine, type Actions } from './actions.ts';
import { useDesk } from './desk.ts';
import { STATUSES } from './status.tsx';

const MOST_SHOWN = 12;

interface Command {
  key: string;
  text: string;
  icon: LucideIcon;
  shortcut?: ShortcutName;
  run(): void;
}

export function CommandMenu({ actions, current }: { actions: Actions; current: string | null }) {
  const { t } = useTranslation();
  const listId = useId();
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  const commands = useCommands(actions, current);
  const shown = commands.filter((one) => one.text.toLowerCase().includes(q.trim().toLowerCase())).slice(0, MOST_SHOWN);
  const { close } = useDesk.getState();

  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && shown.length > 0) setAt((at + step + shown.length) % shown.length);
    else if (event.key === 'Enter') run(shown[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={close}
      width={560}
      className="command-modal"
      style={{ top: 90 }}
      title={t('command.label')}
    >
      <input
        autoFocus
        className="command-input"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={listId}
        aria-activedescendant={shown.length > 0 ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        aria-label={t('command.label')}
        placeholder={t('command.hint')}
        value={q}
        onChange={(event) => {
          setQ(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {shown.length === 0 ? (
        <p className="quiet command-none" role="status">
          {t('command.none')}
        </p>
      ) : (
        <ul className="command-list" role="listbox" id={listId} aria-label={t('command.label')}>
          {shown.map((one, nth) => (
            <li
              key={one.key}
              id={`${listId}-${nth}`}
              role="option"
              aria-selected={nth === at}
              onMouseMove={() => setAt(nth)}
              onClick={() => run(one)}
            >
              <one.icon size={16} strokeWidth={1.75} aria-hidden="true" />
              <span>{one.text}</span>
              {one.shortcut && <Keys keys={keysOf(one.shortcut)} />}
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

function useCommands(actions: Actions, current: string | null): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const setStatus = useSetStatus();
  const rows = useLive((state) => state.rows);
  const desk = useDesk.getState();

  const own: Command[] = isMine(current)
    ? [
        { key: 'reply', text: t('shortcut.reply'), icon: Reply, shortcut: 'reply', run: () => actions.write('reply') },
        {
          key: 'note',
          text: t('shortcut.note'),
          icon: NotebookPen,
          shortcut: 'note',
          run: () => actions.write('note'),
        },
        { key: 'canned', text: t('shortcut.canned'), icon: Zap, shortcut: 'canned', run: () => desk.canned() },
        {
          key: 'transfer',
          text: t('shortcut.transfer'),
          icon: ArrowLeftRight,
          shortcut: 'transfer',
          run: () => void actions.askTransfer(),
        },
        {
          key: 'invite',
          text: t('shortcut.invite'),
          icon: UserPlus,
          shortcut: 'invite',
          run: () => void actions.askInvite(),
        },
        {
          key: 'agreement',
          text: t('shortcut.agreement'),
          icon: Handshake,
          shortcut: 'agreement',
          run: () => void actions.askAgreement(),
        },
        {
          key: 'workorder',
          text: t('shortcut.workorder'),
          icon: ClipboardList,
          shortcut: 'workorder',
          run: () => void actions.askWorkOrder(),
        },
        {
          key: 'resolve',
          text: t('shortcut.resolve'),
          icon: CircleCheckBig,
          shortcut: 'resolve',
          run: () => void actions.askResolve(),
        },
        {
          key: 'resolveNext',
          text: t('shortcut.resolveNext'),
          icon: CircleCheckBig,
          shortcut: 'resolveNext',
          run: () => void actions.askResolve(true),
        },
      ]
    : [];
  const always: Command[] = [
    { key: 'pull', text: t('shortcut.pull'), icon: Hand, shortcut: 'pull', run: () => void actions.pull() },
    ...(current === null
      ? []
      : [
          {
            key: 'aside',
            text: t('shortcut.aside'),
            icon: PanelRight,
            shortcut: 'aside' as const,
            run: actions.toggleAside,
          },
        ]),
    ...STATUSES.map((status) => ({
      key: status,
      text: t('command.status', { status: t(`status.${status}`) }),
      icon: Coffee,
      run: () => setStatus.mutate(status, { onError: actions.complain }),
    })),
    {
      key: 'help',
      text: t('shortcut.help'),
      icon: CircleHelp,
      shortcut: 'help',
      run: () => desk.set({ dialog: 'help' }),
    },
    {
      key: 'cannedSettings',
      text: t('settings.canned'),
      icon: BookMarked,
      run: () => void navigate('/settings/canned'),
    },
    {
      key: 'settings',
      text: t('settings.preferences'),
      icon: Settings,
      run: () => void navigate('/settings/preferences'),
    },
  ];
  const conversations: Command[] = Object.values(rows.byId).map((item) => ({
    key: item.id,
    text: t('command.open', { name: item.contact.name, text: item.last.text }),
    icon: MessageSquareText,
    run: () => actions.open(item.id),
  }));
  return [...own, ...always, ...conversations];
}
