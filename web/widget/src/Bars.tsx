// SPDX-License-Identifier: Apache-2.0
//
// The thin bars between header, stream and composer: a broken line, the place in the queue, an offer to send what
// the buyer is looking at, and short notices. None of them ever covers or disables the composer.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { QueueInfo } from '@xiaoer/protocol';
import { money } from '@xiaoer/shared/money';
import { picture } from '@xiaoer/shared/picture';
import { wholeMinutes } from '@xiaoer/shared/time';
import type { State, Strip } from './chat.ts';
import { useChat } from './hooks.ts';
import { locale, t } from './i18n/index.ts';
import { Icon } from './icons.tsx';

export function LostBanner({ attempt }: { attempt: number }) {
  const chat = useChat();
  return (
    <div class="bar lost" role="status">
      <span class="spinner" aria-hidden="true" />
      <span class="grow">{t('link.lost')}</span>
      {attempt > 2 && (
        <button type="button" class="link" onClick={chat.reconnect}>
          {t('link.again')}
        </button>
      )}
    </div>
  );
}

const ANNOUNCE_MS = 30_000;

export function QueueBar({ queue }: { queue: QueueInfo }) {
  const chat = useChat();
  // Without an estimate nobody is there to come: then it would be wrong to say "you are next".
  const place = queue.eta_seconds > 0 && queue.position <= 1 ? t('queue.first') : t('queue.at', { n: queue.position });
  const eta = queue.eta_seconds > 0 ? t('queue.eta', { m: wholeMinutes(queue.eta_seconds) }) : t('queue.nobody');
  const text = `${place} · ${eta}`;

  // Seen at once, heard at most every half minute: a place that changes every second must not talk all the time.
  const [heard, setHeard] = useState(text);
  const last = useRef(Date.now());
  useEffect(() => {
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setHeard(text);
      },
      Math.max(0, last.current + ANNOUNCE_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <section class="bar queue" aria-label={t('status.queue')}>
      <Icon name="clock" size={18} />
      <span class="grow">{text}</span>
      <span class="hear" role="status">
        {heard}
      </span>
      <button type="button" class="chip small" onClick={chat.cancelQueue}>
        {t('queue.cancel')}
      </button>
    </section>
  );
}

export function StripBar({ strip }: { strip: Strip }) {
  const chat = useChat();
  const { kind, card } = strip;
  const [id, name, cents] =
    kind === 'product'
      ? [card.product_id, card.title, card.price_cents]
      : [card.items[0]?.product ?? card.order_id, card.items[0]?.title ?? card.order_id, card.total_cents];
  return (
    <section class="strip" aria-label={t(kind === 'product' ? 'strip.product' : 'strip.order')}>
      <span class="thumb" style={{ background: picture(id) }} aria-hidden="true">
        <Icon name={kind === 'product' ? 'bag' : 'list'} size={18} />
      </span>
      <div class="grow">
        <small>{t(kind === 'product' ? 'strip.product' : 'strip.order')}</small>
        <div class="one-line">{name}</div>
        <b class="price">{money(cents, card.currency, locale())}</b>
      </div>
      <button
        type="button"
        class="chip brand"
        onClick={() => (kind === 'product' ? chat.sendProduct(card) : chat.sendOrder(card))}
      >
        {t('strip.send')}
      </button>
      <button type="button" class="round small" aria-label={t('dismiss')} onClick={chat.dropStrip}>
        <Icon name="close" size={16} />
      </button>
    </section>
  );
}

export function Notice({ notice }: { notice: State['notice'] }) {
  // Both regions are always there: a live region that appears together with its text is often not read out.
  return (
    <div class="notice-box">
      <div role="alert">{notice?.alert && <p class="notice bad">{notice.text}</p>}</div>
      <div role="status">{notice && !notice.alert && <p class="notice">{notice.text}</p>}</div>
    </div>
  );
}
