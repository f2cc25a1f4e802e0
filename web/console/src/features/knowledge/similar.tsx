// SPDX-License-Identifier: Apache-2.0
//
// Other wordings of a question: one line to write the next, Enter adds it, a pasted list adds all its lines. Each can be
// reworded, taken out, or made the question itself.
import { Button, Input } from 'antd';
import { ArrowUpToLine, X } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMITS, leadWith, linesOf, rewordSimilar, withSimilar, withoutSimilar, type Draft } from './draft.ts';

/** More are folded: the answer must not be far away. */
const FEW = 8;

interface Props {
  draft: Draft;
  onChange(draft: Draft): void;
  children?: ReactNode;
}

export function SimilarField({ draft, onChange, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const shown = all ? draft.similar : draft.similar.slice(0, FEW);

  const add = () => {
    const lines = linesOf(text);
    if (lines.length === 0) return;
    onChange(withSimilar(draft, lines));
    setText('');
  };

  return (
    <div className="kb-field">
      <label htmlFor={id}>
        {t('knowledge.similar')}{' '}
        <span className="kb-number">
          {t('knowledge.ofMost', { number: draft.similar.length, most: LIMITS.similar })}
        </span>
      </label>
      {draft.similar.length > 0 && (
        <ul className="kb-similar" aria-label={t('knowledge.similar')}>
          {shown.map((one) => (
            <SimilarLine key={one} text={one} draft={draft} onChange={onChange} />
          ))}
        </ul>
      )}
      {draft.similar.length > FEW && (
        <Button type="link" size="small" className="kb-fold" onClick={() => setAll(!all)}>
          {all ? t('knowledge.fewer') : t('knowledge.showAll', { number: draft.similar.length })}
        </Button>
      )}
      <div className="kb-add">
        <Input.TextArea
          id={id}
          autoSize={{ minRows: 1, maxRows: 6 }}
          value={text}
          placeholder={t('knowledge.similarHint')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey) return;
            if (event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
          onBlur={add}
        />
      </div>
      {children}
    </div>
  );
}

function SimilarLine({ text, draft, onChange }: { text: string } & Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState(text);
  const keep = () => onChange(rewordSimilar(draft, text, words));
  return (
    <li>
      <input
        value={words}
        maxLength={LIMITS.question}
        aria-label={t('knowledge.similarOne', { text })}
        onChange={(event) => setWords(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) keep();
          if (event.key === 'Escape') setWords(text);
        }}
      />
      <Button
        type="text"
        size="small"
        icon={<ArrowUpToLine size={14} aria-hidden="true" />}
        title={t('knowledge.lead1')}
        aria-label={t('knowledge.leadOne', { text })}
        onClick={() => onChange(leadWith(draft, text))}
      />
      <Button
        type="text"
        size="small"
        icon={<X size={15} aria-hidden="true" />}
        title={t('knowledge.takeOut')}
        aria-label={t('knowledge.takeOutOne', { text })}
        onClick={() => onChange(withoutSimilar(draft, text))}
      />
    </li>
  );
}
