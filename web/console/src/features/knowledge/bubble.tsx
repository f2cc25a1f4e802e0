// SPDX-License-Identifier: Apache-2.0
//
// What a buyer would see: the bot's words in the widget's look and the shop's colour.
import type { Tryout } from '@xiaoer/protocol/wire';
import { palette } from '@xiaoer/shared/a11y';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries.ts';
import { Rich } from '../../ui/rich.tsx';

/** The strip of a chat: what the buyer asked, and below it whatever is given. */
export function BuyersView({ asked, children }: { asked?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const shop = useMe().data?.shop;
  const colours = palette(shop?.theme ?? '');
  const style = {
    '--shop': colours.brand,
    '--on-shop': colours.onBrand,
    '--shop-text': colours.brandText,
    '--shop-tint': colours.tint,
    '--shop-tint-text': colours.tintText,
  } as CSSProperties;
  return (
    <div className="buyers-view" style={style}>
      {asked !== undefined && asked !== '' && <p className="buyer-words">{asked}</p>}
      <div className="bot-words">
        <span className="bot-face" aria-hidden="true">
          {[...(shop?.name ?? 'AI')][0]}
        </span>
        <div className="bot-column">
          {children}
          <small>{t('message.ai')}</small>
        </div>
      </div>
    </div>
  );
}

export function AnswerBubble({ text }: { text: string }) {
  return (
    <div className="bot-bubble">
      <Rich text={text} />
    </div>
  );
}

export function ReplyBubbles({ reply }: { reply: Tryout['reply'] }) {
  const { t } = useTranslation();
  return reply.map((part, at) => (
    <div key={at} className="bot-part">
      {part.text !== '' && <AnswerBubble text={part.text} />}
      {part.order && (
        <p className="bot-card">
          {t('order.label', { id: part.order.order_id })} · {part.order.status_text}
        </p>
      )}
      {part.product && <p className="bot-card">{part.product.title}</p>}
      {part.choices && part.choices.length > 0 && (
        <ul className="bot-choices" aria-label={t('message.choices')}>
          {part.choices.map((choice) => (
            <li key={choice.label}>{choice.label}</li>
          ))}
        </ul>
      )}
    </div>
  ));
}
