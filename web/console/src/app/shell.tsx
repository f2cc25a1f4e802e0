// SPDX-License-Identifier: Apache-2.0
//
// The frame around every page of a signed-in person: the dark rail, the bar that says when the line is down, the
// notice that another window is receiving. It holds the live connection for as long as somebody is here.
import { palette } from '@xiaoer/shared/a11y';
import { Button, Dropdown, type MenuProps } from 'antd';
import {
  BookOpenText,
  ClipboardCheck,
  GraduationCap,
  Languages,
  LogOut,
  MessagesSquare,
  MonitorSmartphone,
  Scale,
  Settings,
  UserRound,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useNavigate } from 'react-router';
import { useCounts, useMe } from '../api/queries.ts';
import { useInvitations } from '../api/solutions.ts';
import { useApprovals, useApproves } from '../api/work.ts';
import { languageMenu } from '../i18n/menu.ts';
import { connect, forgetWatched, retryNow } from '../live/link.ts';
import { unreadOf, useLive } from '../live/store.ts';
import { claimWindow, type Claim } from '../live/window.ts';
import { initialsOf } from '../ui/avatar.tsx';
import { Nothing } from '../ui/states.tsx';
import { beep, flashTitle, notify, setTitle } from './attention.ts';
import { signOut } from './guard.tsx';
import { usePreferences } from './preferences.ts';

export function Shell() {
  const me = useMe().data!;
  const { claim, takeOver } = useWindow(me.id);
  useLine(claim === 'here');
  useCounts();
  useUnreadTitle(me.shop.name);

  return (
    <div className="shell">
      <LineBar />
      <Rail />
      {claim === 'elsewhere' ? <Elsewhere onTakeOver={takeOver} /> : <Outlet />}
    </div>
  );
}

// ---- the rail ---------------------------------------------------------------------------------------------

/** Only what exists. A page appears here when it works. `for`: only for people with one of these roles. */
const PLACES: { to: string; label: string; icon: LucideIcon; for?: string[] }[] = [
  { to: '/conversations', label: 'nav.conversations', icon: MessagesSquare },
  { to: '/tasks', label: 'nav.tasks', icon: ClipboardCheck, for: ['owner', 'leader', 'agent', 'staff'] },
  { to: '/knowledge', label: 'nav.knowledge', icon: BookOpenText },
  { to: '/training', label: 'nav.training', icon: GraduationCap, for: ['owner', 'leader', 'trainer'] },
  { to: '/rules', label: 'nav.rules', icon: Scale, for: ['owner', 'leader', 'trainer', 'agent', 'staff', 'inspector'] },
  { to: '/settings', label: 'nav.settings', icon: Settings },
];

/** What waits for this person: requests for a second one, invitations that are not answered. */
function useWaiting(): number {
  const approvals = useApprovals(useApproves()).data?.length ?? 0;
  const invitations = useInvitations().data?.filter((one) => one.joined_at === null).length ?? 0;
  return approvals + invitations;
}

function Rail() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const waiting = useWaiting();
  const unread = useLive((state) => unreadOf(state.rows, state.me));
  const { brand, onBrand } = palette(me.shop.theme);

  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <span className="rail-logo" style={{ background: brand, color: onBrand }} title={me.shop.name} aria-hidden="true">
        {[...me.shop.name][0]}
      </span>
      {PLACES.filter((place) => place.for === undefined || place.for.some((role) => me.roles.includes(role))).map(
        ({ to, label, icon: Icon }) => (
          <NavLink key={to} to={to} className="rail-item">
            <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
            <span>{t(label)}</span>
            {to === '/conversations' && unread > 0 && (
              <span className="badge" aria-label={t('nav.unread', { count: unread })}>
                {unread > 99 ? '99+' : unread}
              </span>
            )}
            {to === '/tasks' && waiting > 0 && (
              <span className="badge" aria-label={t('tasks.waiting', { count: waiting })}>
                {waiting > 99 ? '99+' : waiting}
              </span>
            )}
          </NavLink>
        ),
      )}
      <span className="rail-space" />
      <LanguageMenu />
      <PersonMenu />
    </nav>
  );
}

function LanguageMenu() {
  const { t } = useTranslation();
  const language = usePreferences((state) => state.language);
  return (
    <Dropdown trigger={['click']} placement="topRight" menu={languageMenu(language)}>
      <button type="button" className="rail-item rail-button">
        <Languages size={20} strokeWidth={1.75} aria-hidden="true" />
        <span>{t('nav.language')}</span>
      </button>
    </Dropdown>
  );
}

function PersonMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().data!;

  const leave = async () => {
    await signOut();
    forgetWatched();
    void navigate('/sign-in', { replace: true });
  };

  const items: MenuProps['items'] = [
    {
      key: 'who',
      type: 'group',
      label: `${me.name} · ${me.roles.map((role) => t(`role.${role}`, role)).join(' · ')}`,
      children: [
        {
          key: 'account',
          label: t('nav.account'),
          icon: <UserRound size={15} />,
          onClick: () => void navigate('/settings/account'),
        },
        { key: 'leave', label: t('nav.signOut'), icon: <LogOut size={15} />, onClick: () => void leave() },
      ],
    },
  ];
  return (
    <Dropdown trigger={['click']} placement="topRight" menu={{ items }}>
      <button
        type="button"
        className="rail-me"
        aria-label={t('nav.me', { name: me.name, status: t(`status.${me.status}`) })}
      >
        {initialsOf(me.alias || me.name, true)}
        <i className={`dot dot-${me.status}`} />
      </button>
    </Dropdown>
  );
}

// ---- the line ---------------------------------------------------------------------------------------------

function LineBar() {
  const { t } = useTranslation();
  const link = useLive((state) => state.link);
  const attempt = useLive((state) => state.attempt);
  if (link !== 'retrying') return null;
  return (
    <div className="line-bar" role="alert">
      {t('line.retrying', { count: attempt })}
      <button type="button" onClick={retryNow}>
        {t('line.now')}
      </button>
    </div>
  );
}

function useLine(receive: boolean): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const assigned = useRef<(id: string) => void>(() => {});

  useEffect(() => {
    assigned.current = (id) => {
      const name = useLive.getState().rows.byId[id]?.contact.name ?? '';
      beep('assigned');
      flashTitle(t('alarm.assigned'));
      notify(t('alarm.assigned'), name, () => void navigate(`/conversations/${id}`));
    };
  });

  useEffect(() => {
    if (!receive) return;
    return connect((id) => assigned.current(id));
  }, [receive]);

  // Closing the window would lose what is written but not yet stored.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const unsent = Object.values(useLive.getState().threads).some((thread) => thread.pending.length > 0);
      if (unsent) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}

function useUnreadTitle(shop: string): void {
  const { t } = useTranslation();
  const unread = useLive((state) => unreadOf(state.rows, state.me));
  useEffect(() => {
    setTitle(`${unread > 0 ? `(${unread}) ` : ''}${shop} · ${t('app.name')}`);
  }, [unread, shop, t]);
}

// ---- a second window --------------------------------------------------------------------------------------

function useWindow(person: string) {
  const [claim, setClaim] = useState<Claim>('asking');
  const handle = useRef<ReturnType<typeof claimWindow> | null>(null);
  useEffect(() => {
    const mine = claimWindow(person, setClaim);
    handle.current = mine;
    return mine.leave;
  }, [person]);
  return { claim, takeOver: () => handle.current?.claim() };
}

function Elsewhere({ onTakeOver }: { onTakeOver: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="full">
      <Nothing text={t('elsewhere.text')} icon={MonitorSmartphone}>
        <Button type="primary" onClick={onTakeOver}>
          {t('elsewhere.take')}
        </Button>
      </Nothing>
    </main>
  );
}
