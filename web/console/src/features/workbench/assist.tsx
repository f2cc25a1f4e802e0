// SPDX-License-Identifier: Apache-2.0
//
// What the machine can tell the agent: what the buyer wants and how they feel, replies to adopt, a summary, why
// this conversation is here, who the buyer is. It proposes; nothing of it goes out by itself.
import type { Detail } from '@xiaoer/protocol/wire';
import { Button } from 'antd';
import { BookOpenText, Pencil, Route, ScrollText, Sparkles, UserRound, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDetail } from '../../api/queries.ts';
import { useLive } from '../../live/store.ts';
import { Keys } from '../../ui/kbd.tsx';
import { Rich } from '../../ui/rich.tsx';
import { Bones, Failed } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { SolutionsBlock } from '../solutions/block.tsx';
import { standingOf, type Actions } from './actions.ts';
import { askCorrection, useMayCorrect } from './correct.tsx';
import { tellingReasons } from './reasons.ts';

const MOST_SUGGESTIONS = 3;
const SURE = 0.8;

export function Assist({ id, actions }: { id: string; actions: Actions }) {
  const detail = useDetail(id);
  const row = useLive((state) => state.rows.byId[id]);
  const me = useLive((state) => state.me);
  if (detail.isPending) return <Bones rows={5} />;
  if (detail.isError && !detail.data) return <Failed error={detail.error} onRetry={() => void detail.refetch()} />;

  const mine = row !== undefined && standingOf(row, me) === 'mine';
  return (
    <div className="assist">
      <Understanding detail={detail.data} />
      <SolutionsBlock id={id} mine={mine} actions={actions} />
      <Suggestions detail={detail.data} mine={mine} actions={actions} />
      <Summary detail={detail.data} />
      <Reasons detail={detail.data} />
      <Buyer detail={detail.data} />
    </div>
  );
}

function Block({ title, icon: Icon, children }: { title: string; icon: LucideIcon; children: ReactNode }) {
  return (
    <section className="block">
      <h2>
        <Icon size={15} strokeWidth={1.9} aria-hidden="true" /> {title}
      </h2>
      {children}
    </section>
  );
}

const EMOTION_TONES: Record<string, string> = {
  angry: 'bad',
  anxious: 'warn',
  sad: 'warn',
  happy: 'good',
  neutral: 'mute',
};

function Understanding({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const mayCorrect = useMayCorrect();
  const { understanding, item } = detail;
  const text = useLive((state) =>
    state.threads[item.id]?.messages.find((message) => message.seq === understanding?.at_seq),
  )?.text;
  if (!understanding) return <p className="chips">{t('assist.unclear')}</p>;
  const percent = Math.round(understanding.confidence * 100);
  return (
    <div className="chips" aria-label={t('assist.understanding')} role="group">
      <span
        className={`chip ${understanding.confidence >= SURE ? 'chip-info' : 'chip-warn'}`}
        title={understanding.intent}
      >
        {t('assist.intent', { name: understanding.intent_name || understanding.intent })} <b>{percent}%</b>
      </span>
      {mayCorrect && (
        <button
          type="button"
          className="chip chip-button"
          onClick={() =>
            askCorrection({
              conversation: item.id,
              seq: understanding.at_seq,
              text: text ?? '',
              intent: understanding.intent,
            })
          }
        >
          <Pencil size={12} aria-hidden="true" /> {t('correct.open')}
        </button>
      )}
      <span className={`chip chip-${EMOTION_TONES[understanding.emotion] ?? 'mute'}`}>
        {t('assist.emotion', { name: t(`emotion.${understanding.emotion}`, { defaultValue: understanding.emotion }) })}
      </span>
      {Object.entries(understanding.slots)
        .filter(([slot]) => slot !== 'product_id' || !understanding.slots.product)
        .map(([slot, value]) => (
          <span className="chip chip-mute" key={slot}>
            {t(`slot.${slot}`, { defaultValue: slot })} <b>{value}</b>
          </span>
        ))}
    </div>
  );
}

function Suggestions({ detail, mine, actions }: { detail: Detail; mine: boolean; actions: Actions }) {
  const { t } = useTranslation();
  const suggestions = detail.suggestions.slice(0, MOST_SUGGESTIONS);
  if (suggestions.length === 0) {
    return (
      <Block title={t('assist.suggestions')} icon={Sparkles}>
        <p className="quiet">{t('assist.noSuggestion')}</p>
      </Block>
    );
  }
  return suggestions.map((suggestion, nth) => (
    <article className="suggestion" key={nth} aria-label={t('assist.suggestion', { nth: nth + 1 })}>
      <h2>
        <Sparkles size={15} aria-hidden="true" /> {t('assist.suggestion', { nth: nth + 1 })}
        {mine && <Keys keys={`Alt+${nth + 1}`} />}
      </h2>
      <div className="suggestion-text">
        <Rich text={suggestion.text} />
      </div>
      <p className="sources">
        <BookOpenText size={13} aria-hidden="true" />
        {t('message.sources', { list: suggestion.source.title || `${suggestion.source.kind} ${suggestion.source.id}` })}
        <span className="score"> · {t('assist.score', { percent: Math.round(suggestion.score * 100) })}</span>
      </p>
      {mine && (
        <p className="suggestion-actions">
          <Button type="primary" size="small" onClick={() => actions.adopt(suggestion.text)}>
            {t('assist.adopt')}
          </Button>
          <Button size="small" onClick={() => actions.sendText(suggestion.text)}>
            {t('assist.send')}
          </Button>
        </p>
      )}
    </article>
  ));
}

function Summary({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  if (detail.summary === '') return null;
  return (
    <Block title={t('assist.summary')} icon={ScrollText}>
      <Rich text={detail.summary} />
    </Block>
  );
}

function Reasons({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasons = tellingReasons(detail.reasons);
  if (reasons.length === 0) return null;
  return (
    <Block title={t('assist.reasons')} icon={Route}>
      <ol className="reasons">
        {reasons.map((reason, at) => (
          <li key={at}>
            <time dateTime={reason.at} title={format.full(reason.at)}>
              {format.brief(reason.at)}
            </time>
            <span>{reason.text}</span>
          </li>
        ))}
      </ol>
    </Block>
  );
}

function Buyer({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { contact, entry } = detail;
  const facts: [string, ReactNode][] = [
    [t('buyer.name'), contact.guest ? `${contact.name} (${t('buyer.guest')})` : contact.name],
    ...(contact.buyer === '' ? [] : [[t('buyer.account'), contact.buyer] as [string, ReactNode]]),
    [t('buyer.orders'), t('buyer.ordersCount', { count: contact.orders })],
    [
      t('buyer.firstSeen'),
      <time dateTime={contact.first_seen} title={format.full(contact.first_seen)}>
        {format.day(contact.first_seen)}
      </time>,
    ],
    [t('buyer.language'), t(`language.${contact.language}`, { defaultValue: contact.language })],
  ];
  if (entry.page !== '') facts.push([t('buyer.page'), entry.page]);
  if (entry.product) facts.push([t('buyer.looking'), entry.product.title]);
  return (
    <Block title={t('buyer.title')} icon={UserRound}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}
