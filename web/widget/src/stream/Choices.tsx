// SPDX-License-Identifier: Apache-2.0
//
// Buttons under a message. They work once: after one was pressed, or where the conversation is over, they only
// show what was chosen. The greeting's questions are the exception: they stay, being a list, not a decision.
import { OrderCardView } from '../cards/OrderCard.tsx';
import type { State } from '../chat.ts';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { chosen, type Item } from './items.ts';

export function Choices({ item, at, items, state }: { item: Item; at: number; items: Item[]; state: State }) {
  const chat = useChat();
  const choices = item.message.choices ?? [];
  if (item.greeting)
    return (
      <>
        {item.message.order && <OrderCardView order={item.message.order} among={false} label={t('greet.faq')} />}
        <div class="card faq">
          <h2>{t('greet.faq')}</h2>
          {choices.map((c) => (
            <button
              key={c.label + (c.order_id ?? '')}
              type="button"
              onClick={() => (c.intent ? chat.choose(c) : chat.say(c.label))}
            >
              <span>{c.label}</span>
              <Icon name="right" size={16} />
            </button>
          ))}
        </div>
      </>
    );
  const pressed = chosen(items, at);
  const over = item.message.conversation !== state.conversation?.id || state.conversation.handler === 'closed';
  const done = pressed !== null || over;
  if (choices.some((c) => c.order_id || c.product_id))
    return (
      <div class="card pick-one" role="group">
        {choices.map((c) => (
          <button
            key={c.label + (c.order_id ?? c.product_id ?? '')}
            type="button"
            disabled={done}
            class={pressed === c.label ? 'chosen' : ''}
            onClick={() => chat.choose(c)}
          >
            <span>{c.label}</span>
            <Icon name={pressed === c.label ? 'check' : 'right'} size={16} />
          </button>
        ))}
      </div>
    );
  if (choices.some((c) => c.style))
    return (
      <div class="confirm" role="group">
        {choices.map((c) => (
          <button
            key={c.label}
            type="button"
            disabled={done}
            class={`button ${c.style === 'primary' ? 'main' : (c.style ?? '')} ${pressed === c.label ? 'chosen' : ''}`}
            onClick={() => chat.choose(c)}
          >
            {pressed === c.label && <Icon name="check" size={16} />}
            {c.label}
          </button>
        ))}
      </div>
    );
  return (
    <div class="choices" role="group">
      {choices.map((c) => (
        <button
          key={c.label + (c.order_id ?? '')}
          type="button"
          disabled={done}
          class={`chip brand ${pressed === c.label ? 'chosen' : ''}`}
          onClick={() => chat.choose(c)}
        >
          {pressed === c.label && <Icon name="check" size={15} />}
          {c.label}
        </button>
      ))}
    </div>
  );
}
