// SPDX-License-Identifier: Apache-2.0
//
// Who the buyer is talking to, and the way to a person. 转人工 is always at the same place, at every width; only
// while a person has the chat is a menu with 结束服务 there instead.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { State } from './chat.ts';
import { useChat } from './hooks.ts';
import { t } from './i18n/index.ts';
import { Icon } from './icons.tsx';

export function Header({ state, title, onClose }: { state: State; title: string; onClose?: () => void }) {
  const agent = state.conversation?.handler === 'agent' ? state.conversation.agent : null;
  return (
    <header class="header" aria-label={title}>
      <div class="avatar big" aria-hidden="true">
        {agent ? initial(agent.name) : <Icon name="bot" size={22} />}
      </div>
      <div class="who">
        <h1>{agent ? agent.name : title}</h1>
        <p>
          <Status state={state} />
        </p>
      </div>
      {agent ? <EndMenu /> : <HumanButton state={state} />}
      {onClose && (
        <button type="button" class="round" aria-label={t('close')} onClick={onClose}>
          <Icon name="close" size={22} />
        </button>
      )}
    </header>
  );
}

export const initial = (name: string): string => [...name][0]?.toUpperCase() ?? '·';

function Status({ state }: { state: State }) {
  const { shop, conversation } = state;
  if (!shop) return <>{'\u00a0'}</>;
  const line = (tone: string, text: string) => (
    <>
      <i class={`dot ${tone}`} aria-hidden="true" />
      <span>{text}</span>
    </>
  );
  if (conversation?.handler === 'agent') return line('good', t('status.agent'));
  if (conversation?.handler === 'queue') return line('wait', t('status.queue'));
  if (!shop.hours) return line('good', t('status.bot'));
  const { hours } = shop;
  if (!shop.open_now) return line('off', t('status.off', { hours }));
  return shop.agents_online > 0
    ? line('good', t('status.online', { hours }))
    : line('wait', t('status.busy', { hours }));
}

function HumanButton({ state }: { state: State }) {
  const chat = useChat();
  const queued = state.conversation?.handler === 'queue';
  const word = queued ? t('human.queued') : state.calling ? t('human.pending') : t('human');
  return (
    <button
      type="button"
      class="human"
      aria-disabled={queued || state.calling || state.phase !== 'ready'}
      onClick={() => chat.callPerson()}
    >
      <Icon name="headset" size={17} />
      <span>{word}</span>
    </button>
  );
}

function EndMenu() {
  const chat = useChat();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const leave = (e: Event) => {
      if (e instanceof KeyboardEvent) {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        button.current?.focus();
      } else if (box.current?.contains(e.target as Node)) return;
      setOpen(false);
    };
    document.addEventListener('keydown', leave);
    document.addEventListener('pointerdown', leave);
    return () => {
      document.removeEventListener('keydown', leave);
      document.removeEventListener('pointerdown', leave);
    };
  }, [open]);

  return (
    <div class="menu-box" ref={box}>
      <button
        type="button"
        class="round"
        ref={button}
        aria-label={t('more')}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={22} />
      </button>
      {open && (
        <div class="menu" role="menu">
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              setOpen(false);
              chat.end();
            }}
          >
            {t('end')}
          </button>
        </div>
      )}
    </div>
  );
}
