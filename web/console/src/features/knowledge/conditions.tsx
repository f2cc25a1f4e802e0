// SPDX-License-Identifier: Apache-2.0
//
// For whom an answer is: order status, product, category, channel, language, buyer's tag. Only those that were chosen
// are shown; all of them must be met, of each one of its values.
import { Button, Dropdown, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../../api/queries.ts';
import { CONDITION_KINDS, withCondition, type ConditionKind, type Draft } from './draft.ts';
import { valueText } from './words.tsx';

const FIXED: Partial<Record<ConditionKind, readonly string[]>> = {
  order_status: ['none', 'unpaid', 'paid', 'shipped', 'delivered', 'finished', 'closed'],
  language: ['zh', 'en'],
};
const OFFERED: Partial<Record<ConditionKind, readonly string[]>> = {
  channel: ['web', 'app', 'wechat'],
  tag: ['vip'],
};

interface Props {
  draft: Draft;
  onChange(draft: Draft): void;
  children?: ReactNode;
}

export function ConditionFields({ draft, onChange, children }: Props) {
  const { t } = useTranslation();
  const chosen = CONDITION_KINDS.filter((kind) => draft.conditions[kind] !== undefined);
  const left = CONDITION_KINDS.filter((kind) => draft.conditions[kind] === undefined);
  return (
    <div className="kb-field">
      <span className="kb-label">{t('knowledge.conditions')}</span>
      {chosen.length === 0 && <p className="kb-hint">{t('knowledge.noConditions')}</p>}
      {chosen.map((kind) => (
        <div className="kb-condition" key={kind}>
          <span>{t(`knowledge.condition.${kind}`)}</span>
          <Values
            kind={kind}
            values={draft.conditions[kind]!}
            onChange={(values) => onChange(withCondition(draft, kind, values))}
          />
          <Button
            type="text"
            icon={<X size={15} aria-hidden="true" />}
            title={t('knowledge.takeOut')}
            aria-label={t('knowledge.takeOutOne', { text: t(`knowledge.condition.${kind}`) })}
            onClick={() => onChange(withCondition(draft, kind, undefined))}
          />
        </div>
      ))}
      {left.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: left.map((kind) => ({ key: kind, label: t(`knowledge.condition.${kind}`) })),
            onClick: ({ key }) => onChange(withCondition(draft, key as ConditionKind, [])),
          }}
        >
          <Button size="small" icon={<Plus size={14} aria-hidden="true" />}>
            {t('knowledge.addCondition')}
          </Button>
        </Dropdown>
      )}
      {children}
    </div>
  );
}

interface ValuesProps {
  kind: ConditionKind;
  values: string[];
  onChange(values: string[]): void;
}

function Values(props: ValuesProps) {
  return props.kind === 'product' || props.kind === 'category' ? <FromCatalogue {...props} /> : <FromList {...props} />;
}

function FromList({ kind, values, onChange }: ValuesProps) {
  const { t } = useTranslation();
  const fixed = FIXED[kind];
  return (
    <Select
      mode={fixed ? 'multiple' : 'tags'}
      value={values}
      onChange={onChange}
      aria-label={t(`knowledge.condition.${kind}`)}
      placeholder={t(fixed ? 'knowledge.pick' : 'knowledge.pickOrType')}
      options={(fixed ?? OFFERED[kind] ?? []).map((value) => ({ value, label: valueText(kind, value, t) }))}
      optionFilterProp="label"
    />
  );
}

const SEARCH_AFTER_MS = 250;

/** Names from the catalogue where this person may read it; an id or a category can always be typed. */
function FromCatalogue({ kind, values, onChange }: ValuesProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const products = useProducts(q).data?.items;
  const options = useMemo(() => {
    const items = products ?? [];
    if (kind === 'product')
      return items.map((one) => ({ value: one.product_id, label: `${one.product_id} ${one.title}` }));
    // "服饰/户外" is in "服饰" too.
    const paths = items.flatMap((one) =>
      one.category.split('/').map((_part, nth, all) => all.slice(0, nth + 1).join('/')),
    );
    return [...new Set(paths)].sort().map((path) => ({ value: path, label: path }));
  }, [products, kind]);
  return (
    <Select
      mode="tags"
      value={values}
      onChange={onChange}
      onSearch={setText}
      filterOption={kind === 'category'}
      aria-label={t(`knowledge.condition.${kind}`)}
      placeholder={products ? t('knowledge.pickOrType') : t(`knowledge.type.${kind}`)}
      options={options}
    />
  );
}
