// SPDX-License-Identifier: Apache-2.0
//
// The test box: what the bot would say to a text, where the answer came from, which entry won over which and why, and
// how the text was heard. It stays open beside the page, so that an entry can be mended and tried again.
//
// Always true: trying stores nothing and tells nobody; what is shown belongs to the text above it.
import type { Tryout } from '@xiaoer/protocol/wire';
import { Button, Drawer, Input, Select } from 'antd';
import { FlaskConical, PenLine, Play, Plus, SlidersHorizontal } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTeaches, useTry } from '../../api/knowledge.ts';
import { useLayout } from '../../app/layout.ts';
import { Bones, Nothing, RequestId, faultText } from '../../ui/states.tsx';
import { BuyersView, ReplyBubbles } from './bubble.tsx';
import { TRY_WIDTH } from './measures.ts';
import { isMiss, originOf, readingOrder, standingOf, toneOf, wonOf } from './verdict.ts';
import { LayerTag } from './words.tsx';
import './trybox.css';

interface Props {
  open: boolean;
  onClose(): void;
  /** Tried at once when the box opens with it. */
  text?: string;
  /** Hear with this version instead of the one in full use. */
  model?: number;
  /** Try the draft of this task flow. */
  flow?: string;
}

export function TryDrawer({ open, onClose, text = '', model, flow }: Props) {
  const { t } = useTranslation();
  const narrow = useLayout() === 'narrow';
  return (
    <Drawer
      open={open}
      onClose={onClose}
      mask={narrow}
      size={narrow ? '100%' : TRY_WIDTH}
      title={
        <span className="try-title">
          <FlaskConical size={17} aria-hidden="true" /> {t('tryout.title')}
        </span>
      }
      styles={{ body: { padding: 0 } }}
      className="try-drawer"
      destroyOnHidden
    >
      {/* On a phone the box lies over the page that a link in it leads to. */}
      <div onClick={(event) => narrow && (event.target as HTMLElement).closest('a[href]') !== null && onClose()}>
        <TryBox key={text} text={text} model={model} flow={flow} />
      </div>
    </Drawer>
  );
}

const MOST_TEXT = 2000;
const MOST_RECENT = 5;

function TryBox({ text: first, model, flow }: { text: string; model?: number; flow?: string }) {
  const { t } = useTranslation();
  const trial = useTry();
  const [text, setText] = useState(first);
  const [order, setOrder] = useState('');
  const [product, setProduct] = useState('');
  const [language, setLanguage] = useState('');
  const [more, setMore] = useState(false);
  const [recent, setRecent] = useState<string[]>([]);
  const moreId = useId();
  const { mutate } = trial;

  const run = (words = text) => {
    const wanted = words.trim();
    if (wanted === '') return;
    setRecent((before) => [wanted, ...before.filter((one) => one !== wanted)].slice(0, MOST_RECENT));
    mutate({
      text: wanted,
      ...(order.trim() === '' ? {} : { order: order.trim() }),
      ...(product.trim() === '' ? {} : { product: product.trim() }),
      ...(language === '' ? {} : { language }),
      ...(model === undefined ? {} : { model }),
      ...(flow === undefined ? {} : { flow }),
    });
  };

  // What the box was opened with is tried at once, and again when another version is chosen.
  const begin = useRef(run);
  useEffect(() => {
    begin.current = run;
  });
  useEffect(() => begin.current(), [model]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    run();
  };

  return (
    <div className="try">
      <div className="try-ask">
        <Input.TextArea
          autoFocus
          autoSize={{ minRows: 1, maxRows: 4 }}
          value={text}
          maxLength={MOST_TEXT}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={t('tryout.hint')}
          aria-label={t('tryout.text')}
        />
        <Button
          type="primary"
          icon={<Play size={14} aria-hidden="true" />}
          loading={trial.isPending}
          disabled={text.trim() === ''}
          onClick={() => run()}
        >
          {t('tryout.run')}
        </Button>
      </div>
      <div className="try-more">
        <button type="button" aria-expanded={more} aria-controls={moreId} onClick={() => setMore(!more)}>
          <SlidersHorizontal size={13} aria-hidden="true" /> {t('tryout.more')}
        </button>
        {model !== undefined && <span className="tag tag-tint">{t('tryout.model', { number: model })}</span>}
        {[order, product]
          .filter((one) => one.trim() !== '' && !more)
          .map((one) => (
            <span className="tag" key={one}>
              {one}
            </span>
          ))}
      </div>
      <div id={moreId} className="try-context" hidden={!more}>
        <label>
          {t('tryout.order')}
          <Input value={order} maxLength={64} placeholder="E10001" onChange={(event) => setOrder(event.target.value)} />
        </label>
        <label>
          {t('tryout.product')}
          <Input
            value={product}
            maxLength={64}
            placeholder="P101"
            onChange={(event) => setProduct(event.target.value)}
          />
        </label>
        <label>
          {t('tryout.language')}
          <Select
            value={language}
            onChange={setLanguage}
            aria-label={t('tryout.language')}
            options={[
              { value: '', label: t('tryout.shopLanguage') },
              { value: 'zh', label: t('language.zh') },
              { value: 'en', label: t('language.en') },
            ]}
          />
        </label>
      </div>
      {recent.length > 1 && (
        <p className="try-recent">
          <span className="quiet">{t('tryout.recent')}</span>
          {recent.slice(1).map((one) => (
            <button
              type="button"
              className="tag"
              key={one}
              title={one}
              onClick={() => {
                setText(one);
                run(one);
              }}
            >
              {one}
            </button>
          ))}
        </p>
      )}
      <div className="try-result" aria-live="polite" aria-busy={trial.isPending}>
        {trial.isPending && !trial.data && <Bones rows={4} />}
        {trial.isIdle && <Nothing text={t('tryout.lead')} icon={FlaskConical} />}
        {trial.isError && (
          <div className="form-error" role="alert">
            {faultText(trial.error, t)}
            <RequestId error={trial.error} />
          </div>
        )}
        {trial.data && <Result tryout={trial.data} asked={trial.variables?.text ?? ''} />}
      </div>
    </div>
  );
}

// ---- what came of it --------------------------------------------------------------------------------------

function Result({ tryout, asked }: { tryout: Tryout; asked: string }) {
  return (
    <>
      <Said tryout={tryout} asked={asked} />
      <Why tryout={tryout} asked={asked} />
      <Near tryout={tryout} asked={asked} />
      <Heard tryout={tryout} />
    </>
  );
}

function Said({ tryout, asked }: { tryout: Tryout; asked: string }) {
  const { t } = useTranslation();
  return (
    <section className="try-part" aria-label={t('tryout.said')}>
      <BuyersView asked={asked}>
        {tryout.reply.length === 0 ? <p className="quiet">{t('tryout.silent')}</p> : null}
        <ReplyBubbles reply={tryout.reply} />
      </BuyersView>
    </section>
  );
}

function Why({ tryout, asked }: { tryout: Tryout; asked: string }) {
  const { t } = useTranslation();
  const teaches = useTeaches();
  const origin = originOf(tryout);
  const won = wonOf(tryout);
  const question = (id: string) => tryout.knowledge.find((one) => one.id === id)?.question ?? id;
  const sources = (tryout.sources ?? []).filter((source) => source.kind !== 'knowledge' && source.kind !== 'shop');
  return (
    <section className="try-part" aria-label={t('tryout.why')}>
      <h2>{t('tryout.why')}</h2>
      <p className={`try-origin try-origin-${origin}`}>
        <b>{t(`tryout.origin.${origin}`)}</b>
        {sources.length > 0 && (
          <span>
            {sources
              .map(
                (source) => `${t(`source.${source.kind}`, { defaultValue: source.kind })} ${source.title ?? source.id}`,
              )
              .join(' · ')}
          </span>
        )}
      </p>
      {won && (
        <p className="try-won">
          <LayerTag layer={won.layer} /> <Link to={`/knowledge/${won.id}`}>{question(won.id)}</Link>
          <span className="try-because">
            {won.over === null ? (
              t('tryout.by.alone')
            ) : (
              <>
                {t(`tryout.by.${won.by}`)} {t('tryout.over')} <LayerTag layer={won.over.layer} />{' '}
                <Link to={`/knowledge/${won.over.id}`}>{question(won.over.id)}</Link>
              </>
            )}
          </span>
        </p>
      )}
      {!won && tryout.decision && (
        <p className="quiet">{t(`tryout.act.${tryout.decision.act}`, { defaultValue: '' })}</p>
      )}
      {tryout.wants_person && <p className="quiet">{t('tryout.wantsPerson')}</p>}
      {isMiss(tryout) && teaches && (
        <p className="try-miss">
          <Link to={`/knowledge/new?question=${encodeURIComponent(asked)}`}>
            <PenLine size={14} aria-hidden="true" /> {t('tryout.write')}
          </Link>
        </p>
      )}
    </section>
  );
}

/** The entries that were near, and what became of each. */
function Near({ tryout, asked }: { tryout: Tryout; asked: string }) {
  const { t } = useTranslation();
  const teaches = useTeaches();
  const percent = new Intl.NumberFormat(undefined, { style: 'percent' });
  return (
    <section className="try-part" aria-label={t('tryout.near')}>
      <h2>{t('tryout.near')}</h2>
      {!tryout.knowledge_asked && <p className="quiet">{t('tryout.notAsked')}</p>}
      {tryout.knowledge.length === 0 && <p className="quiet">{t('tryout.nothingNear')}</p>}
      <ol className="try-list">
        {readingOrder(tryout).map((nth) => {
          const one = tryout.knowledge[nth]!;
          const standing = standingOf(tryout, nth);
          return (
            <li key={one.id} className={standing === 'won' ? 'try-winner' : undefined}>
              <div className="try-top">
                <LayerTag layer={one.layer} />
                <Link to={`/knowledge/${one.id}`}>{one.question}</Link>
                <span className="try-match" title={t('tryout.match')}>
                  <span className="sr-only">{t('tryout.match')} </span>
                  {percent.format(one.match)}
                </span>
              </div>
              <div className="try-bar" aria-hidden="true">
                <i style={{ width: `${Math.min(100, one.match * 100)}%` }} />
              </div>
              <div className="try-bottom">
                <span className={`chip chip-${toneOf(standing)}`}>
                  {t(`tryout.standing.${standing}`, { defaultValue: standing })}
                </span>
                {one.wording !== one.question && (
                  <span className="try-wording">{t('tryout.wording', { text: one.wording })}</span>
                )}
                {teaches && one.match < 0.999 && (
                  <Link
                    className="try-add"
                    to={`/knowledge/${one.id}?similar=${encodeURIComponent(asked)}`}
                    title={t('tryout.addHint')}
                  >
                    <Plus size={13} aria-hidden="true" /> {t('tryout.add')}
                  </Link>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Heard({ tryout }: { tryout: Tryout }) {
  const { t } = useTranslation();
  const percent = new Intl.NumberFormat(undefined, { style: 'percent' });
  const facts: [string, React.ReactNode][] = [
    [
      t('tryout.meaning'),
      <>
        {tryout.meaning.name} <small>{t(`tryout.heardBy.${tryout.meaning.by}`, { defaultValue: '' })}</small>
      </>,
    ],
  ];
  if (tryout.language)
    facts.push([t('tryout.language'), t(`language.${tryout.language}`, { defaultValue: tryout.language })]);
  if (tryout.emotion)
    facts.push([t('tryout.emotion'), t(`emotion.${tryout.emotion.name}`, { defaultValue: tryout.emotion.name })]);
  if (tryout.entities && tryout.entities.length > 0)
    facts.push([t('tryout.entities'), tryout.entities.map((one) => one.text).join(' · ')]);
  if (tryout.model) facts.push([t('tryout.version'), <code key="model">{tryout.model}</code>]);
  return (
    <section className="try-part" aria-label={t('tryout.heard')}>
      <h2>{t('tryout.heard')}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tryout.intents && tryout.intents.length > 0 && (
        <ol className="try-guesses" aria-label={t('tryout.guesses')}>
          {tryout.intents.slice(0, 3).map((one, nth) => (
            <li key={one.id} className={nth === 0 && tryout.sure ? 'try-sure' : undefined}>
              <span>{one.name}</span>
              <span className="try-bar" aria-hidden="true">
                <i style={{ width: `${Math.min(100, one.confidence * 100)}%` }} />
              </span>
              <span className="try-match">{percent.format(one.confidence)}</span>
            </li>
          ))}
        </ol>
      )}
      {tryout.sure === false && <p className="quiet">{t('tryout.unsure')}</p>}
    </section>
  );
}
