// SPDX-License-Identifier: Apache-2.0
//
// The middle pane: who it is and where they came from, the stream, and below it either the composer or a banner
// that says why one cannot write here and what one can do about it.
import type { AgentStatus, Detail, InboxItem } from '@xiaoer/protocol/wire';
import { Button, Dropdown, Tooltip } from 'antd';
import {
  ArrowLeft,
  ArrowLeftRight,
  CircleCheckBig,
  ClipboardList,
  EllipsisVertical,
  Hand,
  Handshake,
  MessagesSquare,
  PanelRight,
  UserPlus,
} from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useDetail, useMe, useSetStatus } from '../../api/queries.ts';
import { useLayout } from '../../app/layout.ts';
import { usePreferences } from '../../app/preferences.ts';
import { keysOf, type ShortcutName } from '../../app/shortcuts.ts';
import { useLive } from '../../live/store.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { standingOf, type Actions, type Standing } from './actions.ts';
import { AgreementBars } from './agreement.tsx';
import { Composer } from './composer.tsx';
import { useDesk } from './desk.ts';
import { GuestChips, GuestComposer, useMyPart } from './party.tsx';
import { whyPerson } from './reasons.ts';
import { Stream } from './stream.tsx';

export function Chat({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const detail = useDetail(id);
  const row = useLive((state) => state.rows.byId[id]);
  const me = useLive((state) => state.me);
  const standing = row ? standingOf(row, me) : null;
  usePlaceOnDesk(standing);

  if (detail.isError && !row) {
    return (
      <main className="pane-chat pane-empty">
        <h1 className="sr-only">{t('nav.conversations')}</h1>
        <Failed error={detail.error} onRetry={() => void detail.refetch()} />
      </main>
    );
  }
  if (!row || !standing) {
    return (
      <main className="pane-chat" aria-busy="true">
        <h1 className="sr-only">{t('nav.conversations')}</h1>
        <Bones rows={6} avatar />
      </main>
    );
  }
  return (
    <main className="pane-chat">
      <Header row={row} detail={detail.data} standing={standing} actions={actions} />
      <Beside id={id} mine={standing === 'mine'} />
      <Stream key={`stream ${id}`} id={id} mine={standing === 'mine'} />
      <Below row={row} standing={standing} actions={actions} />
    </main>
  );
}

/** Who else is here, and what was agreed. */
function Beside({ id, mine }: { id: string; mine: boolean }) {
  return (
    <div className="chat-beside">
      <GuestChips id={id} mine={mine} />
      <AgreementBars id={id} mine={mine} />
    </div>
  );
}

/** Where one writes: who has it, and who was asked in; everybody else reads why not. */
function Below({ row, standing, actions }: { row: InboxItem; standing: Standing; actions: Actions }) {
  const part = useMyPart(row.id);
  if (standing === 'mine') return <Composer key={`composer ${row.id}`} id={row.id} actions={actions} />;
  if (part && standing !== 'closed') return <GuestComposer key={`guest ${row.id}`} id={row.id} part={part} />;
  return <Banner row={row} standing={standing} actions={actions} />;
}

/** The conversation that the window was opened with shows on the tab where it lives. */
function usePlaceOnDesk(standing: Standing | null): void {
  useEffect(() => {
    const desk = useDesk.getState();
    if (standing === null || desk.placed) return;
    desk.set(standing === 'other' ? { placed: true } : { placed: true, tab: standing });
  }, [standing]);
}

interface HeaderProps {
  row: InboxItem;
  detail: Detail | undefined;
  standing: Standing;
  actions: Actions;
}

function Header({ row, detail, standing, actions }: HeaderProps) {
  const { t } = useTranslation();
  const layout = useLayout();
  const asideOpen = usePreferences((state) => state.asideOpen);
  const facts = factsOf(row, detail, t);

  return (
    <header className="chat-head">
      {layout === 'narrow' && (
        <Button
          type="text"
          icon={<ArrowLeft size={18} aria-hidden="true" />}
          aria-label={t('page.back')}
          onClick={() => useDesk.getState().set({ page: 'list' })}
        />
      )}
      <Avatar id={row.contact.id} name={row.contact.name} size={34} />
      <div className="chat-who">
        <h1>
          {row.contact.name}
          {detail?.contact.guest && <span className="tag">{t('buyer.guest')}</span>}
          {row.topic !== '' && <span className="tag tag-tint">{row.topic}</span>}
        </h1>
        <p title={facts}>{facts}</p>
      </div>
      {standing === 'mine' && <OwnActions actions={actions} narrow={layout === 'narrow'} />}
      {(standing === 'queue' || standing === 'bot') && (
        <Button
          type="primary"
          icon={<Hand size={15} aria-hidden="true" />}
          loading={actions.taking}
          onClick={() => void actions.take(row.id)}
        >
          {t(standing === 'queue' ? 'chat.take' : 'chat.takeOver')}
        </Button>
      )}
      {layout !== 'narrow' && (
        <Tooltip title={<Hint text={t('chat.aside')} name="aside" />}>
          <Button
            type="text"
            icon={<PanelRight size={18} aria-hidden="true" />}
            aria-label={t('chat.aside')}
            aria-pressed={layout === 'wide' ? asideOpen : undefined}
            onClick={actions.toggleAside}
          />
        </Tooltip>
      )}
    </header>
  );
}

function OwnActions({ actions, narrow }: { actions: Actions; narrow: boolean }) {
  const { t } = useTranslation();
  const more = [
    { key: 'invite', label: t('party.invite'), icon: <UserPlus size={15} />, onClick: actions.askInvite },
    {
      key: 'agreement',
      label: t('agreement.title'),
      icon: <Handshake size={15} />,
      onClick: () => actions.askAgreement(),
    },
    { key: 'ticket', label: t('orders.new'), icon: <ClipboardList size={15} />, onClick: () => actions.askWorkOrder() },
  ];
  if (narrow) {
    const items = [
      { key: 'transfer', label: t('chat.transfer'), onClick: () => void actions.askTransfer() },
      { key: 'resolve', label: t('chat.resolve'), onClick: () => void actions.askResolve() },
      ...more,
    ];
    return (
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button type="text" icon={<EllipsisVertical size={18} aria-hidden="true" />} aria-label={t('chat.more')} />
      </Dropdown>
    );
  }
  return (
    <>
      <Tooltip title={<Hint text={t('chat.transferHint')} name="transfer" />}>
        <Button icon={<ArrowLeftRight size={15} aria-hidden="true" />} onClick={() => void actions.askTransfer()}>
          {t('chat.transfer')}
        </Button>
      </Tooltip>
      <Tooltip title={<Hint text={t('chat.resolveHint')} name="resolve" />}>
        <Button
          type="primary"
          icon={<CircleCheckBig size={15} aria-hidden="true" />}
          onClick={() => void actions.askResolve()}
        >
          {t('chat.resolve')}
        </Button>
      </Tooltip>
      <Dropdown trigger={['click']} menu={{ items: more }}>
        <Button type="text" icon={<EllipsisVertical size={18} aria-hidden="true" />} aria-label={t('chat.more')} />
      </Dropdown>
    </>
  );
}

export function Hint({ text, name }: { text: string; name: ShortcutName }) {
  const on = usePreferences((state) => state.shortcuts);
  return on ? `${text} (${keysOf(name)})` : text;
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** Channel, entry page and what the bot did before, in one line. */
function factsOf(row: InboxItem, detail: Detail | undefined, t: Translate): string {
  const facts = [t(`channel.${row.channel}`, { defaultValue: row.channel })];
  if (row.language !== '') facts.push(t(`language.${row.language}`, { defaultValue: row.language }));
  const entry = detail?.entry;
  if (entry?.product) facts.push(t('entry.product', { title: entry.product.title }));
  else if (entry?.order_id) facts.push(t('entry.order', { id: entry.order_id }));
  else if (entry?.page) facts.push(t('entry.page', { page: pageOf(entry.page) }));
  const why = row.handler === 'bot' ? '' : whyPerson(detail?.reasons ?? []);
  if (why !== '') facts.push(why);
  return facts.join(' · ');
}

/** Where on the site: which site it is, the shop knows. */
function pageOf(page: string): string {
  const { pathname } = URL.canParse(page) ? new URL(page) : { pathname: page };
  return pathname;
}

function Banner({ row, standing, actions }: { row: InboxItem; standing: Standing; actions: Actions }) {
  const { t } = useTranslation();
  const text = standing === 'other' ? t('banner.other', { name: row.agent?.name ?? '' }) : t(`banner.${standing}`);
  return (
    <div className={`banner banner-${standing}`} role="status">
      <span>{text}</span>
      {(standing === 'queue' || standing === 'bot') && (
        <Button size="small" type="primary" loading={actions.taking} onClick={() => void actions.take(row.id)}>
          {t(standing === 'queue' ? 'chat.take' : 'chat.takeOver')}
        </Button>
      )}
    </div>
  );
}

const noChatText = (status: AgentStatus | undefined, mine: number) =>
  status === 'offline' ? 'chat.offline' : mine > 0 ? 'chat.choose' : 'chat.none';

export function NoChat({ actions }: { actions: Actions }) {
  const { t } = useTranslation();
  const { mine, queue } = useLive((state) => state.rows.counts);
  const status = useMe().data?.status;
  const setStatus = useSetStatus();
  useEffect(() => useDesk.getState().set({ placed: true }), []);
  return (
    <main className="pane-chat pane-empty">
      <h1 className="sr-only">{t('nav.conversations')}</h1>
      <Nothing text={t(noChatText(status, mine))} icon={MessagesSquare}>
        {status === 'offline' && (
          <Button
            type="primary"
            loading={setStatus.isPending}
            onClick={() => setStatus.mutate('online', { onError: actions.complain })}
          >
            {t('chat.goOnline')}
          </Button>
        )}
        {mine === 0 && status !== 'offline' && (
          <Button
            type="primary"
            disabled={queue === 0}
            icon={<Hand size={15} aria-hidden="true" />}
            onClick={() => void actions.pull()}
          >
            {t('inbox.pull', { count: queue })}
          </Button>
        )}
      </Nothing>
    </main>
  );
}
