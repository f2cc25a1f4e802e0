// SPDX-License-Identifier: Apache-2.0
//
// One message of the stream in its shape: bubble, card, choices, system line or rating request, with what belongs
// under it. The label 内容由 AI 生成 and the thumbs stand under the last of several bot messages in a row.
import { useEffect, useState } from 'preact/hooks';
import { UNHELPFUL, type Unhelpful } from '@xiaoer/shared/rating';
import { fullTime } from '@xiaoer/shared/time';
import { OrderCardView } from '../cards/OrderCard.tsx';
import { ProductCardView } from '../cards/ProductCard.tsx';
import type { State } from '../chat.ts';
import { initial } from '../Header.tsx';
import { useChat } from '../hooks.ts';
import { locale, t, type Key } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { PhotoView } from '../media/Photo.tsx';
import { Markdown } from './Markdown.tsx';
import { Choices } from './Choices.tsx';
import type { Item } from './items.ts';

interface Props {
  item: Item;
  at: number;
  items: Item[];
  state: State;
  readTo: number;
}

export function Row(props: Props) {
  const { item, items, at } = props;
  const { message } = item;
  if (message.kind === 'system') return <SystemLine item={item} />;
  if (message.kind === 'rating_request') return <RatingRequest {...props} />;
  const before = items[at - 1];
  const follows = !!before && speaker(before) === speaker(item) && before.message.kind !== 'system';
  return (
    <div class={`row ${item.own ? 'own' : ''} ${follows ? 'follows' : ''}`}>
      {!item.own && (
        <div class="avatar" aria-hidden="true">
          {message.author.kind === 'agent' ? initial(message.author.name) : <Icon name="bot" size={18} />}
        </div>
      )}
      <div class="said">
        {!item.own && !follows && message.author.kind === 'agent' && <div class="name">{message.author.name}</div>}
        <Speaker item={item} />
        <Body {...props} />
        {item.own ? <Delivered {...props} /> : <Under {...props} />}
      </div>
    </div>
  );
}

const speaker = (i: Item) => `${i.message.author.kind}:${i.own ? '' : i.message.author.name}`;

/** Who speaks, for those who do not see on which side it stands. */
function Speaker({ item }: { item: Item }) {
  const { author } = item.message;
  const who = item.own ? t('msg.you') : author.kind === 'bot' ? t('msg.bot') : author.name;
  return <span class="hear">{who}: </span>;
}

function Body({ item, at, items, state }: Props) {
  const { message } = item;
  const when = fullTime(message.at, locale());
  // A card says it better than the words that stand in for it where no cards are shown.
  if (message.kind === 'order_card' && message.order) {
    const beside = [items[at - 1], items[at + 1]].some((i) => i?.message.kind === 'order_card' && !i.own);
    return <OrderCardView order={message.order} among={!item.own && beside} />;
  }
  if (message.kind === 'product_card' && message.product)
    return <ProductCardView product={message.product} own={item.own} />;
  if (message.case || message.form || message.form_answer || message.file)
    return <Late item={item} at={at} items={items} state={state} />;
  const text = message.text && (
    <div class="bubble" title={when}>
      {item.own ? <p class="plain">{message.text}</p> : <Markdown text={message.text} />}
      {message.sources?.some((s) => s.title) && (
        <p class="sources">{t('source', { title: message.sources.flatMap((s) => s.title ?? []).join(' · ') })}</p>
      )}
    </div>
  );
  if (message.choices?.length)
    return (
      <>
        {text}
        <Choices item={item} at={at} items={items} state={state} />
      </>
    );
  return (
    <>
      {message.image && <PhotoView item={item} />}
      {text}
    </>
  );
}

type Cards = typeof import('../cards/late.ts');
let cards: Cards | null = null; // fetched once, for all of them

/** A card whose code comes with the first of its kind; until then, and should it never come, its words. */
function Late({ item, at, items, state }: Omit<Props, 'readTo'>) {
  const [ready, setReady] = useState(cards);
  useEffect(() => {
    if (!ready)
      void import('../cards/late.ts').then(
        (made) => setReady((cards = made)),
        () => {},
      );
  }, [ready]);
  const { case: of, form_answer, file, form, text } = item.message;
  // A form that says no more than its title needs no bubble before it.
  const words = text && text !== form?.title && (
    <div class="bubble">{item.own ? <p class="plain">{text}</p> : <Markdown text={text} />}</div>
  );
  if (!ready) return <>{words || <div class="bubble dots" />}</>;
  if (of) return <ready.CaseCardView of={of} />;
  if (form_answer) return <ready.FormAnswerView answer={form_answer} />;
  return (
    <>
      {file && <ready.FileView item={item} />}
      {words}
      {form && <ready.FormCard item={item} at={at} items={items} state={state} />}
    </>
  );
}

/** Under our own: how far it got. Only under the last of a run, and always where it failed. */
function Delivered({ item, at, items, readTo, state }: Props) {
  const chat = useChat();
  if (item.delivery === 'failed')
    return (
      <div class="state bad">
        <Icon name="alert" size={14} />
        <span>{item.why || t('msg.failed')}</span>
        <button type="button" class="link" onClick={() => chat.resend(item)}>
          {t('msg.again')}
        </button>
      </div>
    );
  const next = items[at + 1];
  if (next?.own && next.delivery === item.delivery) return null;
  if (item.delivery === 'sending') return <div class="state">{t('msg.sending')}</div>;
  const { conversation, seq } = item.message;
  if (conversation !== state.conversation?.id) return null;
  const read = seq > 0 && seq <= readTo;
  return <div class="state">{t(read ? 'msg.read' : 'msg.sent')}</div>;
}

/** Under a bot's: that it was a machine, and whether it helped. */
function Under({ item, at, items, state }: Props) {
  const next = items[at + 1];
  const lastOfRun = !next || next.own || !next.message.ai;
  if (!item.message.ai || !lastOfRun) return null;
  return (
    <div class="under">
      {/* Only in the talk that goes on: nobody wants to tab through the thumbs of last month. */}
      {item.message.conversation === state.conversation?.id && (
        <Thumbs item={item} vote={state.feedback[item.key]} said={items.length - at} />
      )}
      <span class="ai">{t('ai')}</span>
    </div>
  );
}

function Thumbs({ item, vote, said }: { item: Item; vote: 'up' | 'down' | undefined; said: number }) {
  const chat = useChat();
  const [askedAt, setAskedAt] = useState(0);
  const asking = askedAt === said; // the talk went on: the question about the earlier answer goes
  const down = (reason?: Unhelpful) => {
    setAskedAt(0);
    void chat.vote(item, false, reason);
  };
  return (
    <>
      <button
        type="button"
        class="thumb-button"
        aria-label={t('helpful')}
        aria-pressed={vote === 'up'}
        disabled={!!vote}
        onClick={() => void chat.vote(item, true)}
      >
        <Icon name="up" size={16} fill={vote === 'up'} />
      </button>
      <button
        type="button"
        class="thumb-button"
        aria-label={t('unhelpful')}
        aria-pressed={vote === 'down'}
        disabled={!!vote}
        aria-expanded={asking}
        onClick={() => setAskedAt(asking ? 0 : said)}
      >
        <Icon name="down" size={16} fill={vote === 'down'} />
      </button>
      {asking && !vote && (
        <div class="why" role="group" aria-label={t('feedback.why')}>
          <span>{t('feedback.why')}</span>
          {(Object.keys(UNHELPFUL) as Unhelpful[]).map((code) => (
            <button key={code} type="button" class="chip small" onClick={() => down(code)}>
              {UNHELPFUL[code][locale()]}
            </button>
          ))}
          {canCallPerson(chat.state) && (
            <button
              type="button"
              class="chip small brand"
              onClick={() => {
                down();
                chat.callPerson();
              }}
            >
              {t('human')}
            </button>
          )}
        </div>
      )}
      {vote === 'down' && (
        <span class="thanks" role="status">
          {t('feedback.thanks')}
        </span>
      )}
    </>
  );
}

const canCallPerson = (s: State) =>
  !s.conversation || s.conversation.handler === 'bot' || s.conversation.handler === 'closed';

const EVENTS = new Set([
  'queued',
  'assigned',
  'transferred',
  'returned',
  'closed',
  'hours',
  'cancelled',
  'rated',
  'joined',
]);

function SystemLine({ item }: { item: Item }) {
  const { text, event, author } = item.message;
  const words = text || (event && EVENTS.has(event) ? t(`sys.${event}` as Key, { name: author.name }) : '');
  return words ? <p class="system">{words}</p> : null;
}

function RatingRequest({ item, state }: Props) {
  const chat = useChat();
  const { conversation } = item.message;
  const given = state.rating?.conversation === conversation ? state.rating.given : null;
  const rated = given || (state.conversation?.id === conversation && state.conversation.rated);
  const open = chat.toRate() === conversation;
  return (
    <section class="card ask-rating" aria-label={t('rate.title')}>
      <p>
        {rated ? (given ? t('rate.done', { n: given.stars }) : t('rate.thanks')) : item.message.text || t('rate.card')}
      </p>
      {given && (
        <span class="stars-row" aria-hidden="true">
          {[1, 2, 3, 4, 5].map((n) => (
            <Icon key={n} name="star" size={22} fill={n <= given.stars} />
          ))}
        </span>
      )}
      {open && (
        <button type="button" class={`chip ${rated ? '' : 'brand'}`} onClick={() => chat.openRating(conversation)}>
          {t(rated ? 'rate.change' : 'rate.go')}
        </button>
      )}
    </section>
  );
}
