// SPDX-License-Identifier: Apache-2.0
//
// Intents to choose from: a list that is searched by typing, in dialogs; a select in forms. Both know the intents by
// their names, by a buyer's question and by id.
import { Select } from 'antd';
import { Check } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { OUT_OF_SCOPE, UNCLEAR, useIntents, type Intent } from '../api/training.ts';
import { Bones, Failed } from './states.tsx';
import { FIRST } from './focus.ts';
import './intents.css';

/** Names by id; what is no intent of a shop's has words of its own. */
export function useIntentName(): (id: string) => string {
  const { t } = useTranslation();
  const { data } = useIntents();
  const names = useMemo(() => new Map(data?.map((intent) => [intent.id, intent.name])), [data]);
  return (id) => {
    if (id === UNCLEAR) return t('training.unclear');
    if (id === OUT_OF_SCOPE) return t('training.outOfScope');
    return names.get(id) ?? id;
  };
}

type Choice = Pick<Intent, 'id' | 'name' | 'question'>;

const fits = (intent: Choice, q: string) =>
  q === '' || `${intent.name} ${intent.question} ${intent.id}`.toLowerCase().includes(q);

/** All intents; first those that are likely, last what a shop is not for. */
function useChoices(likely: readonly (string | null | undefined)[]) {
  const { t } = useTranslation();
  const intents = useIntents();
  const key = likely.join();
  const choices = useMemo(() => {
    const all: Choice[] = [
      ...(intents.data ?? []),
      { id: OUT_OF_SCOPE, name: t('training.outOfScope'), question: t('training.outOfScopeHint') },
    ];
    const first = key.split(',').flatMap((id) => all.find((intent) => intent.id === id) ?? []);
    return { first: new Set(first), all: [...new Set([...first, ...all])] };
  }, [intents.data, key, t]);
  return { intents, ...choices };
}

interface PickerProps {
  value: string | null;
  likely: readonly (string | null | undefined)[];
  onChange(id: string): void;
  /** Enter on the chosen one. */
  onSubmit?(id: string): void;
}

export function IntentPicker({ value, likely, onChange, onSubmit }: PickerProps) {
  const { t } = useTranslation();
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [q, setQ] = useState('');
  const { intents, first, all } = useChoices(likely);
  const shown = all.filter((intent) => fits(intent, q.trim().toLowerCase()));
  const at = shown.findIndex((intent) => intent.id === value);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [value]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && shown.length > 0) {
      onChange(shown[at < 0 ? 0 : (at + step + shown.length) % shown.length]!.id);
    } else if (event.key === 'Enter' && at >= 0) onSubmit?.(value!);
    else return;
    event.preventDefault();
  };

  if (intents.isPending) return <Bones rows={5} />;
  if (intents.isError) return <Failed error={intents.error} onRetry={() => void intents.refetch()} />;
  return (
    <div className="picker">
      <input
        {...FIRST}
        className="picker-input"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={listId}
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        aria-label={t('training.searchIntent')}
        placeholder={t('training.searchIntent')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {shown.length === 0 ? (
        <p className="quiet picker-none" role="status">
          {t('training.noIntent')}
        </p>
      ) : (
        <ul className="picker-list" role="listbox" id={listId} ref={list} aria-label={t('training.intents')}>
          {shown.map((intent, nth) => (
            <li
              key={intent.id}
              id={`${listId}-${nth}`}
              role="option"
              aria-selected={intent.id === value}
              onClick={() => onChange(intent.id)}
              onDoubleClick={() => onSubmit?.(intent.id)}
            >
              <b>{intent.name}</b>
              <small>{intent.question}</small>
              {first.has(intent) && <span className="tag tag-tint">{t('training.likely')}</span>}
              {intent.id === value && <Check size={15} aria-hidden="true" />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SelectProps {
  id?: string;
  value?: string;
  onChange?(id: string): void;
  label?: string;
}

/** Value and handler are given by the form that it stands in, or by hand. */
export function IntentSelect({ id, value, onChange, label }: SelectProps) {
  const { t } = useTranslation();
  const { intents, all } = useChoices([]);
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      loading={intents.isPending}
      showSearch={{
        filterOption: (q, option) => {
          const intent = all.find((one) => one.id === option?.value);
          return intent !== undefined && fits(intent, q.trim().toLowerCase());
        },
      }}
      aria-label={label}
      placeholder={t('training.chooseIntent')}
      options={all.map((intent) => ({ value: intent.id, label: intent.name }))}
      optionRender={(option) => {
        const intent = all.find((one) => one.id === option.value);
        return (
          <span className="intent-option">
            {intent?.name} <small>{intent?.question}</small>
          </span>
        );
      }}
    />
  );
}
