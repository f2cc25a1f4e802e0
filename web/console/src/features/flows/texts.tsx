// SPDX-License-Identifier: Apache-2.0
//
// The words of a flow in both languages. The shop's own stand in the place of what ships; emptied, or as it ships, a text
// is again the shipped one. Placeholders are those of the original: others would stay holes.
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FlowDoc } from '../../api/flows.ts';
import { placeholders, textKeys, unknownPlaceholders, withText } from './flow.ts';

const LANGUAGES = ['zh', 'en'] as const;
const MOST_TEXT = 500;

interface Props {
  doc: FlowDoc;
  texts: Record<'zh' | 'en', Record<string, string>>;
  onChange(doc: FlowDoc): void;
}

export function Texts({ doc, texts, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="plain-list flow-texts">
      {textKeys(doc).map((key) => {
        const holes = placeholders(texts.zh[key] ?? texts.en[key] ?? '');
        return (
          <li key={key}>
            <p>
              <code>{key}</code>
              {holes.map((hole) => (
                <span className="tag" key={hole}>{`{${hole}}`}</span>
              ))}
            </p>
            <div className="two-fields">
              {LANGUAGES.map((language) => {
                const stored = texts[language][key] ?? '';
                const own = doc.texts?.[language]?.[key];
                const bad = own ? unknownPlaceholders(own, stored) : [];
                return (
                  <label key={language} className="flow-text">
                    <span>
                      {t(`language.${language}`)}
                      {own !== undefined && <span className="tag tag-tint">{t('flows.own')}</span>}
                    </span>
                    <Input.TextArea
                      autoSize={{ minRows: 2, maxRows: 6 }}
                      lang={language}
                      value={own ?? stored}
                      maxLength={MOST_TEXT}
                      status={bad.length > 0 ? 'error' : ''}
                      onChange={(event) => onChange(withText(doc, language, key, event.target.value, stored))}
                    />
                    {bad.length > 0 && (
                      <small className="row-bad">
                        {t('flows.badPlaceholders', { list: bad.map((one) => `{${one}}`).join('、') })}
                      </small>
                    )}
                  </label>
                );
              })}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
