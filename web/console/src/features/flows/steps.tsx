// SPDX-License-Identifier: Apache-2.0
//
// The steps of a flow: as a picture (the main way from top to bottom, branches beside it under the name of what leads to
// them) and as a list whose conditions can be changed.
import { Select } from 'antd';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Condition, FlowDoc, Step } from '../../api/flows.ts';
import { useIntentName } from '../../ui/intents.tsx';
import { STATUSES } from '../solutions/solution.ts';
import { kindOf, stepAt, textKeyOf, withCondition, withStep, type Place } from './flow.ts';

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** What a step does, in words. */
function useStepText(): (step: Step) => string {
  const { t } = useTranslation();
  const nameOf = useIntentName();
  return (step) => {
    const kind = kindOf(step);
    switch (kind) {
      case 'need':
        return step.is
          ? `${t(`flows.want.${step.need}`, { defaultValue: step.need })} = ${step.is}`
          : t(`flows.want.${step.need}`, { defaultValue: step.need });
      case 'check':
      case 'act':
        return t(`work.action.${step[kind]}`, { defaultValue: step[kind] });
      case 'offer':
        return step.offer!.map(nameOf).join(' · ');
      case 'hand_over':
        return t(`skill.${step.hand_over}`, { defaultValue: step.hand_over });
      case 'say':
      case 'confirm':
        return t(`flows.says.${step[kind]}`, { defaultValue: step[kind] });
    }
  };
}

function conditionText(condition: Condition | undefined, t: Translate): string {
  return Object.entries(condition ?? {})
    .map(([name, values]) => {
      const words = (values ?? []).map((value) =>
        name === 'status'
          ? t(`solutions.status.${value}`, { defaultValue: value })
          : t(`flows.has.${value}`, { defaultValue: value }),
      );
      return t(`flows.if.${name}`, { defaultValue: `${name}: {{list}}`, list: words.join(t('solutions.or')) });
    })
    .join(' · ');
}

// ---- the picture ------------------------------------------------------------------------------------------

export function Picture({ doc, texts }: Pick<StepsProps, 'doc' | 'texts'>) {
  const { t, i18n } = useTranslation();
  const textOf = useStepText();
  const language = i18n.language.startsWith('en') ? 'en' : 'zh';
  const wordsOf = (step: Step): string => {
    const key = kindOf(step) === 'need' ? null : textKeyOf(step);
    return (key !== null && (doc.texts?.[language]?.[key] ?? texts[language][key])) || textOf(step);
  };
  const branches = Object.entries(doc.on ?? {});
  const way = (steps: Step[]) => (
    <ol className="way">
      {steps.map((step, at) => (
        <li key={at} className={`node node-${kindOf(step)}`}>
          <small>{t(`flows.kind.${kindOf(step)}`)}</small>
          <span className="clamp">{wordsOf(step)}</span>
          {step.if && <em>{conditionText(step.if, t)}</em>}
        </li>
      ))}
    </ol>
  );
  return (
    <div className="picture" tabIndex={0} role="region" aria-label={t('flows.picture')}>
      <div className="picture-main">
        <p className="picture-start">{t('flows.start')}</p>
        {way(doc.steps)}
      </div>
      {branches.map(([name, steps]) => (
        <div key={name} className="picture-branch">
          <p className="picture-name">{branchText(name, t)}</p>
          {way(steps)}
        </div>
      ))}
    </div>
  );
}

/** "refused.case.too_late": when it is refused because it is too late. */
function branchText(name: string, t: Translate): string {
  const [event, ...why] = name.split('.');
  if (event !== 'refused') return t(`flows.branch.${name}`, { defaultValue: name });
  if (why.length === 0) return t('flows.refused');
  const key = why[0] === 'case' ? `work.caseWhy.${why[1]}` : `work.why.${why[0]}`;
  return t('flows.refusedBecause', { why: t(key, { defaultValue: why.join('.') }) });
}

// ---- the list ---------------------------------------------------------------------------------------------

interface StepsProps {
  doc: FlowDoc;
  texts: Record<'zh' | 'en', Record<string, string>>;
  onChange(doc: FlowDoc): void;
}

export function Steps({ doc, texts, onChange }: StepsProps) {
  const { t } = useTranslation();
  const ways: [string | null, Step[]][] = [[null, doc.steps], ...Object.entries(doc.on ?? {})];
  return (
    <div className="step-ways">
      {ways.map(([branch, steps]) => (
        <Fragment key={branch ?? ''}>
          {branch !== null && <h4>{branchText(branch, t)}</h4>}
          <ol className="step-list">
            {steps.map((_step, at) => (
              <StepRow key={at} doc={doc} place={{ branch, at }} texts={texts} onChange={onChange} />
            ))}
          </ol>
        </Fragment>
      ))}
    </div>
  );
}

function StepRow({ doc, place, texts, onChange }: StepsProps & { place: Place }) {
  const { t, i18n } = useTranslation();
  const textOf = useStepText();
  const step = stepAt(doc, place);
  const kind = kindOf(step);
  const key = textKeyOf(step);
  const language = i18n.language.startsWith('en') ? 'en' : 'zh';
  const words = key === null ? '' : (doc.texts?.[language]?.[key] ?? texts[language][key] ?? '');
  const { status, ...others } = step.if ?? {};
  return (
    <li>
      <span className={`step-kind node-${kind}`}>{t(`flows.kind.${kind}`)}</span>
      <span className="step-what">
        {words === '' ? textOf(step) : words}
        {Object.keys(others).length > 0 && <em>{conditionText(others, t)}</em>}
      </span>
      <Select
        mode="multiple"
        size="small"
        className="step-if"
        value={status ?? []}
        placeholder={t('flows.anyStatus')}
        aria-label={t('flows.statusOf', { nth: place.at + 1 })}
        maxTagCount="responsive"
        options={STATUSES.filter((one) => one !== 'none').map((value) => ({
          value,
          label: t(`solutions.status.${value}`),
        }))}
        onChange={(next: string[]) => onChange(withStep(doc, place, withCondition(step, { ...others, status: next })))}
      />
    </li>
  );
}
