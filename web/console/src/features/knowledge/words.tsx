// SPDX-License-Identifier: Apache-2.0
//
// An entry's facts in the words of the screen: its layer, what it asks for, on which days it counts, how it was used.
import type { Conditions, KnowledgeRow, Layer } from '@xiaoer/protocol/wire';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShopFormat } from '../../ui/time.ts';
import { CONDITION_KINDS, type ConditionKind } from './draft.ts';
import { windowOf } from './validity.ts';

export function LayerTag({ layer }: { layer: Layer }) {
  const { t } = useTranslation();
  return (
    <span className={`tag layer layer-${layer}`} title={t(`knowledge.layerHint.${layer}`)}>
      {t(`knowledge.layer.${layer}`)}
    </span>
  );
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** One value of a condition: "paid" → 已付款, "P101" stays. */
export function valueText(kind: ConditionKind, value: string, t: Translate): string {
  if (kind === 'order_status') return t(`knowledge.status.${value}`, { defaultValue: value });
  if (kind === 'channel') return t(`channel.${value}`, { defaultValue: value });
  if (kind === 'language') return t(`language.${value}`, { defaultValue: value });
  return value;
}

const FEW = 3;

export function ConditionTags({ conditions, all = false }: { conditions: Conditions; all?: boolean }) {
  const { t } = useTranslation();
  return CONDITION_KINDS.map((kind) => {
    const values = conditions[kind] ?? [];
    if (values.length === 0) return null;
    const shown = all ? values : values.slice(0, FEW);
    const list = shown.map((value) => valueText(kind, value, t)).join(t('knowledge.or'));
    return (
      <span className="tag condition" key={kind}>
        {t(`knowledge.condition.${kind}`)}: {list}
        {shown.length < values.length && ` +${values.length - shown.length}`}
      </span>
    );
  });
}

const TONES = { always: 'plain', since: 'plain', until: 'calm', to_come: 'warn', over: 'over' } as const;

/** Nothing for what is always valid: that is the rule. */
export function DaysPill({ entry }: { entry: Pick<KnowledgeRow, 'valid_from' | 'valid_to' | 'state'> }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  if (entry.state === 'archived') return <span className="pill pill-plain">{t('knowledge.state.archived')}</span>;
  const days = windowOf(entry, Date.now());
  if (days.kind === 'always' || days.kind === 'since') return null;
  return (
    <span className={`pill pill-${TONES[days.kind]}`} title={format.full(days.at)}>
      {t(`knowledge.days.${days.kind}`, { day: format.dayAndClock(days.at) })}
    </span>
  );
}

export function Used({ used }: { used: KnowledgeRow['used'] }) {
  const { t } = useTranslation();
  const number = new Intl.NumberFormat(useShopFormat().language);
  return (
    <span className={used.hits === 0 ? 'used used-none' : 'used'} title={t('knowledge.usedHint')}>
      <span>{t('knowledge.hits', { hits: number.format(used.hits) })}</span>
      {used.helpful + used.unhelpful > 0 && (
        <>
          <span className="thumb-up">
            <ThumbsUp size={13} aria-hidden="true" />
            <span className="sr-only">{t('knowledge.helpful')}</span> {number.format(used.helpful)}
          </span>
          <span className="thumb-down">
            <ThumbsDown size={13} aria-hidden="true" />
            <span className="sr-only">{t('knowledge.unhelpful')}</span> {number.format(used.unhelpful)}
          </span>
        </>
      )}
    </span>
  );
}
