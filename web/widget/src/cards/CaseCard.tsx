// SPDX-License-Identifier: Apache-2.0
//
// An after-sale case as a card: what it is about, where it stands, the steps behind it and before it, and until when somebody
// has to move. It shows the case as it was when it was sent; the newest card is the newest state.
import type { CaseCard } from '@xiaoer/protocol';
import { money } from '@xiaoer/shared/money';
import { dayAndClock } from '@xiaoer/shared/time';
import { useChat } from '../hooks.ts';
import { locale, t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

export function CaseCardView({ of }: { of: CaseCard }) {
  const chat = useChat();
  const zone = chat.state.shop?.time_zone;
  return (
    <div class="card case" role="group" aria-label={t('case', { type: of.type_text, state: of.state_text })}>
      <header>
        <span class="one-line">{t('order', { id: of.order_id })}</span>
        <b>{of.type_text}</b>
      </header>
      <div class="stand">
        <b>{of.state_text}</b>
        {of.amount_cents > 0 && <span class="price">{money(of.amount_cents, of.currency, locale())}</span>}
      </div>
      <ol class="steps">
        {of.steps.map((s) => (
          <li key={s.text} class={s.done ? 'done' : s.now ? 'now' : ''} aria-current={s.now ? 'step' : undefined}>
            <i aria-hidden="true">{s.done && <Icon name="check" size={11} />}</i>
            <span>
              {s.text}
              <span class="hear">{t(s.done ? 'case.done' : s.now ? 'case.now' : 'case.next')}</span>
            </span>
            {s.at && <time dateTime={s.at}>{dayAndClock(s.at, new Date(), locale(), zone)}</time>}
          </li>
        ))}
      </ol>
      {of.due_text && (
        <p class="due">
          <Icon name="clock" size={16} />
          <span>{of.due_text}</span>
        </p>
      )}
    </div>
  );
}
