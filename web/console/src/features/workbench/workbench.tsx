// SPDX-License-Identifier: Apache-2.0
//
// The workbench: list, conversation, help, as three panes, two and a drawer, or one page at a time. This file
// arranges them, reads the open conversation from the address and binds the keyboard.
import { Drawer } from 'antd';
import { Info, List, MessageSquareText, Settings } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useDetail } from '../../api/queries.ts';
import { useLayout } from '../../app/layout.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { useLive } from '../../live/store.ts';
import { WorkOrderDialog } from '../workorders/create.tsx';
import { useActions, type Actions } from './actions.ts';
import { AgreementDialog } from './agreement.tsx';
import { Aside } from './aside.tsx';
import { Chat, NoChat } from './chat.tsx';
import { CommandMenu } from './commands.tsx';
import { CorrectDialog } from './correct.tsx';
import { useDesk, type Page } from './desk.ts';
import { ShortcutHelp } from './help.tsx';
import { InboxPane } from './inbox.tsx';
import { InviteDialog } from './party.tsx';
import { ResolveDialog } from './resolve.tsx';
import { TransferDialog } from './transfer.tsx';
import './workbench.css';
import './conversation.css';
import './aside.css';

export function Workbench() {
  const { t } = useTranslation();
  const { id = null } = useParams();
  const layout = useLayout();
  const actions = useActions();
  const { listWidth, asideWidth, asideOpen } = usePreferences();
  const { page, drawer, dialog, misheard, wish, task, set } = useDesk();
  useKeyboard(actions, id);

  useEffect(() => {
    useLive.getState().setCurrent(id);
    useDesk.getState().set(id === null ? { page: 'list', drawer: false } : { page: 'chat' });
    return () => useLive.getState().setCurrent(null);
  }, [id]);

  // Beside a conversation that cannot be read there is nothing to help with.
  const known = useLive((state) => id !== null && state.rows.byId[id] !== undefined);
  const showAside = known && layout === 'wide' && asideOpen;
  const shown: Page | 'all' = layout === 'narrow' ? (id === null ? 'list' : page) : 'all';

  return (
    <div
      className={`workbench workbench-${layout} ${id === null ? '' : 'workbench-chosen'}`}
      style={{ '--list-width': `${listWidth}px`, '--aside-width': `${asideWidth}px` } as React.CSSProperties}
    >
      {(shown === 'all' || shown === 'list') && (
        <InboxPane actions={actions} current={id} alone={layout === 'narrow'} />
      )}
      {(shown === 'all' || shown === 'chat') &&
        (id === null ? <NoChat actions={actions} /> : <Chat id={id} actions={actions} />)}
      {id !== null && (showAside || shown === 'info') && (
        <Aside id={id} actions={actions} place={showAside ? 'pane' : 'page'} />
      )}

      {id !== null && layout === 'medium' && (
        <Drawer
          open={drawer}
          onClose={() => set({ drawer: false })}
          size={Math.max(asideWidth, 340)}
          title={t('aside.label')}
          styles={{ body: { padding: 0 } }}
          destroyOnHidden
        >
          <Aside id={id} actions={actions} place="drawer" />
        </Drawer>
      )}
      {layout === 'narrow' && id !== null && <PageBar page={shown as Page} />}

      {id !== null && dialog === 'transfer' && <TransferDialog id={id} actions={actions} />}
      {id !== null && dialog === 'resolve' && <ResolveDialog id={id} actions={actions} />}
      {id !== null && dialog === 'invite' && <InviteDialog id={id} />}
      {id !== null && dialog === 'agreement' && <AgreementDialog id={id} text={wish} />}
      {id !== null && dialog === 'workorder' && <WorkOrderDialog conversation={id} task={task} />}
      {dialog === 'correct' && misheard && <CorrectDialog misheard={misheard} actions={actions} />}
      {dialog === 'commands' && <CommandMenu actions={actions} current={id} />}
      {dialog === 'help' && <ShortcutHelp />}
    </div>
  );
}

function useKeyboard(actions: Actions, id: string | null): void {
  const suggestions = useDetail(id).data?.suggestions ?? [];
  const adopt = (nth: number) => () => suggestions[nth] && actions.adopt(suggestions[nth].text);
  const open = useDesk((state) => state.dialog);
  const desk = useDesk.getState();

  // Behind a dialog the conversation keeps still.
  const working = {
    next: actions.next,
    previous: actions.previous,
    adopt1: adopt(0),
    adopt2: adopt(1),
    adopt3: adopt(2),
    reply: () => actions.write('reply'),
    note: () => actions.write('note'),
    transfer: () => void actions.askTransfer(),
    resolve: () => void actions.askResolve(),
    resolveNext: () => void actions.askResolve(true),
    pull: () => void actions.pull(),
    aside: actions.toggleAside,
    orders: () => id !== null && actions.showAside('orders'),
    invite: () => void actions.askInvite(),
    agreement: () => void actions.askAgreement(),
    workorder: () => void actions.askWorkOrder(),
    canned: () => desk.canned(),
    help: () => desk.set({ dialog: 'help' }),
  };
  useShortcuts({
    ...(open === null ? working : {}),
    commands: () => desk.set({ dialog: open === 'commands' ? null : 'commands' }),
  });
}

const PAGES = [
  { page: 'list', label: 'page.list', icon: List },
  { page: 'chat', label: 'page.chat', icon: MessageSquareText },
  { page: 'info', label: 'page.info', icon: Info },
] as const;

/** In an open conversation its pages take the place of the rail. */
function PageBar({ page }: { page: Page }) {
  const { t } = useTranslation();
  return (
    <nav className="page-bar" aria-label={t('page.label')}>
      {PAGES.map(({ page: to, label, icon: Icon }) => (
        <button
          key={to}
          type="button"
          aria-current={to === page ? 'page' : undefined}
          onClick={() => useDesk.getState().set({ page: to })}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {t(label)}
        </button>
      ))}
      <Link to="/settings">
        <Settings size={20} strokeWidth={1.75} aria-hidden="true" />
        {t('nav.settings')}
      </Link>
    </nav>
  );
}
