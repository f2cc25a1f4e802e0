// SPDX-License-Identifier: Apache-2.0
//
// The answer: plain words with the little Markdown that the widget shows, and buttons for those who do not know it.
import { Button, Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { Bold, Link2, List } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMITS, type Draft } from './draft.ts';
import { marked, type Mark } from './mark.ts';

const MARKS = [
  { mark: 'bold', icon: Bold },
  { mark: 'list', icon: List },
  { mark: 'link', icon: Link2 },
] as const;

interface Props {
  draft: Draft;
  onChange(draft: Draft): void;
  wrong: boolean;
  children?: ReactNode;
}

export function AnswerField({ draft, onChange, wrong, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<TextAreaRef>(null);

  const mark = (kind: Mark) => {
    const area = box.current?.resizableTextArea?.textArea;
    if (!area) return;
    const next = marked(draft.answer, area.selectionStart, area.selectionEnd, kind, t('knowledge.markText'));
    onChange({ ...draft, answer: next.text });
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(next.from, next.to);
    });
  };

  return (
    <div className="kb-field">
      <div className="kb-answer-top">
        <label htmlFor={id}>{t('knowledge.answer')}</label>
        <span className="space" />
        {MARKS.map(({ mark: kind, icon: Icon }) => (
          <Button
            key={kind}
            type="text"
            size="small"
            icon={<Icon size={15} aria-hidden="true" />}
            title={t(`knowledge.mark.${kind}`)}
            aria-label={t(`knowledge.mark.${kind}`)}
            onClick={() => mark(kind)}
          />
        ))}
      </div>
      <Input.TextArea
        id={id}
        ref={box}
        autoSize={{ minRows: 4, maxRows: 16 }}
        value={draft.answer}
        maxLength={LIMITS.answer}
        status={wrong ? 'error' : undefined}
        placeholder={t('knowledge.answerHint')}
        onChange={(event) => onChange({ ...draft, answer: event.target.value })}
      />
      {children}
    </div>
  );
}
