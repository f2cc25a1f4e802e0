// SPDX-License-Identifier: Apache-2.0
//
// One message: the buyer at the left, the house (bot, agents) at the right, notes in yellow, events in the middle.
// A card is shown as the buyer sees it; choices only say what was offered.
import type { Message } from '@xiaoer/protocol/wire';
import { Button } from 'antd';
import { BookOpenText, CircleAlert, Ear, Star } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayAgain } from '../../live/link.ts';
import { useLive } from '../../live/store.ts';
import type { Pending } from '../../live/threads.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Rich } from '../../ui/rich.tsx';
import { codeText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { WaitingWords } from '../../ui/waiting.tsx';
import { OrderCardView, ProductCardView } from './cards.tsx';
import { askCorrection, useMayCorrect } from './correct.tsx';
import { CaseCardView, FileView, FormAnswerView, FormView, PhotoView } from './media.tsx';

interface Props {
  message: Message;
  /** The last of several in one breath: carries name and time. */
  tail: boolean;
  read: boolean;
  /** Since when the buyer waits for an answer to this, if they do. */
  waitingSince?: string;
}

export const Bubble = memo(function Bubble({ message: stored, tail, read, waitingSince }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const message = useNamed(stored);

  if (message.kind === 'system') {
    return (
      <div className="line line-system">
        <span>
          <time dateTime={message.at} title={format.full(message.at)}>
            {format.clock(message.at)}
          </time>{' '}
          {message.text}
        </span>
      </div>
    );
  }
  if (message.kind === 'rating_request') {
    return (
      <div className="line line-system">
        <span>
          <Star size={12} aria-hidden="true" /> {message.text || t('message.ratingAsked')}
        </span>
      </div>
    );
  }

  const kind = message.kind === 'note' ? 'note' : message.author.kind;
  return (
    <div className={`line line-${kind} ${tail ? 'line-tail' : ''}`}>
      {kind === 'buyer' && <Face message={message} tail={tail} />}
      <div className="bubble-column">
        <Content message={message} />
        {message.choices && message.choices.length > 0 && <Choices message={message} />}
        {tail && <Meta message={message} read={read} waitingSince={waitingSince} />}
      </div>
      {kind === 'buyer' && message.kind === 'text' && message.text.trim() !== '' && <Mishear message={message} />}
      {kind !== 'buyer' && <Face message={message} tail={tail} />}
    </div>
  );
});

/** A message without its author's name gets the one that the list knows. */
function useNamed(message: Message): Message {
  const { t } = useTranslation();
  const nameless = message.author.name === '' && message.author.kind !== 'system';
  const row = useLive((state) => (nameless ? state.rows.byId[message.conversation] : undefined));
  if (!nameless || message.author.kind === 'system') return message;
  const name = { buyer: row?.contact.name, bot: t('inbox.byBot'), agent: row?.agent?.name }[message.author.kind];
  const id = message.author.id ?? (message.author.kind === 'buyer' ? row?.contact.id : undefined);
  return { ...message, author: { ...message.author, id, name: name ?? t('inbox.byAgent') } };
}

function Face({ message, tail }: { message: Message; tail: boolean }) {
  if (!tail) return <span className="face-gap" />;
  const { author } = message;
  const tone =
    message.kind === 'note' ? 'note' : author.kind === 'bot' ? 'bot' : author.kind === 'agent' ? 'agent' : 'soft';
  return <Avatar id={author.id ?? author.name} name={author.name} size={32} tone={tone} />;
}

/** Seen when the message is pointed at or reached by key; on a touch screen always. */
function Mishear({ message }: { message: Message }) {
  const { t } = useTranslation();
  const mayCorrect = useMayCorrect();
  if (!mayCorrect) return null;
  const { conversation, seq, text } = message;
  return (
    <button
      type="button"
      className="line-tool"
      title={t('correct.open')}
      aria-label={t('correct.message', { text })}
      onClick={() => askCorrection({ conversation, seq, text, intent: '' })}
    >
      <Ear size={15} aria-hidden="true" />
    </button>
  );
}

function Content({ message }: { message: Message }) {
  const { t } = useTranslation();
  // A card says it better than the words that stand in for it where no cards are shown.
  const { order, product, case: of, form_answer: answer } = message;
  const repeats = message.text === message.form?.title;
  const text = order || product || of || answer || repeats ? '' : message.text.trim();
  return (
    <>
      {message.image && <PhotoView image={message.image} />}
      {message.file && <FileView file={message.file} />}
      {text !== '' && (
        <div className="bubble">
          {message.kind === 'note' && <span className="sr-only">{t('message.note')} </span>}
          <Rich text={text} plain={message.author.kind === 'buyer'} />
          {message.sources && message.sources.length > 0 && <Sources sources={message.sources} />}
        </div>
      )}
      {order && <OrderCardView order={order} />}
      {product && <ProductCardView product={product} />}
      {of && <CaseCardView of={of} />}
      {message.form && <FormView form={message.form} />}
      {answer && <FormAnswerView answer={answer} />}
    </>
  );
}

function Sources({ sources }: { sources: NonNullable<Message['sources']> }) {
  const { t } = useTranslation();
  // That it is the shop's own says nothing to those who work in it.
  const telling = sources.filter((source) => source.kind !== 'shop');
  if (telling.length === 0) return null;
  return (
    <p className="sources">
      <BookOpenText size={13} aria-hidden="true" />
      {t('message.sources', {
        list: telling
          .map((source) => source.title ?? `${t(`source.${source.kind}`, { defaultValue: source.kind })} ${source.id}`)
          .join(' · '),
      })}
    </p>
  );
}

function Choices({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <ul className="choices" aria-label={t('message.choices')}>
      {message.choices!.map((choice) => (
        <li key={choice.label}>{choice.label}</li>
      ))}
    </ul>
  );
}

function Meta({ message, read, waitingSince }: Omit<Props, 'tail'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: ReactNode[] = [];
  if (message.kind === 'note') facts.push(message.author.name, t('message.onlyStaff'));
  else if (message.author.kind !== 'buyer') facts.push(message.author.name);
  if (message.ai) facts.push(t('message.ai'));
  if (message.author.kind === 'agent' && message.kind !== 'note' && read) facts.push(t('message.read'));
  return (
    <p className="meta">
      <time dateTime={message.at} title={format.full(message.at)}>
        {format.clock(message.at)}
      </time>
      {facts.map((fact, at) => (
        <span key={at}> · {fact}</span>
      ))}
      {waitingSince && <WaitingWords since={waitingSince} />}
    </p>
  );
}

// ---- what is not yet stored -------------------------------------------------------------------------------

export function PendingBubble({ conversation, pending }: { conversation: string; pending: Pending }) {
  const { t } = useTranslation();
  const alias = useLive((state) => state.alias);
  const failed = pending.state === 'failed';
  return (
    <div className={`line line-${pending.kind === 'note' ? 'note' : 'agent'} line-tail line-pending`}>
      <div className="bubble-column">
        {pending.text !== '' && (
          <div className="bubble">
            <Rich text={pending.text} />
          </div>
        )}
        {pending.order && <OrderCardView order={pending.order} />}
        {pending.product && <ProductCardView product={pending.product} />}
        {failed ? (
          <p className="meta meta-failed" role="alert">
            <CircleAlert size={14} aria-hidden="true" />
            {codeText(pending.code, pending.error, t) || t('message.failed')}
            <Button type="link" size="small" onClick={() => sayAgain(conversation, pending)}>
              {t('message.again')}
            </Button>
            <Button type="link" size="small" onClick={() => useLive.getState().discard(conversation, pending.clientId)}>
              {t('message.discard')}
            </Button>
          </p>
        ) : (
          <p className="meta">{t('message.sending')}</p>
        )}
      </div>
      <Avatar id={alias} name={alias} size={32} tone={pending.kind === 'note' ? 'note' : 'agent'} />
    </div>
  );
}
