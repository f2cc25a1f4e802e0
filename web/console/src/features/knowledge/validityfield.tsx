// SPDX-License-Identifier: Apache-2.0
//
// On which days an answer counts, on the shop's own clock: written by hand in one form that nobody reads wrongly, or
// chosen in the browser's own calendar.
import { Button, Input } from 'antd';
import { CalendarClock } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft.ts';
import { endOfDay, readWall, wallOf } from './validity.ts';

const ENDS = [
  { name: 'today', days: 0 },
  { name: 'week', days: 6 },
  { name: 'month', days: 29 },
] as const;

interface Props {
  draft: Draft;
  onChange(draft: Draft): void;
  zone: string;
  children?: ReactNode;
}

export function ValidityField({ draft, onChange, zone, children }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const start = () => draft.from || wallOf(new Date().toISOString(), zone);
  return (
    <fieldset className="kb-field kb-validity">
      <legend className="kb-label">{t('knowledge.validity')}</legend>
      <div className="kb-choices">
        <label className="kb-check">
          <input
            type="radio"
            name={name}
            checked={!draft.timed}
            onChange={() => onChange({ ...draft, timed: false })}
          />
          {t('knowledge.always')}
        </label>
        <label className="kb-check">
          <input
            type="radio"
            name={name}
            checked={draft.timed}
            onChange={() => onChange({ ...draft, timed: true, from: start() })}
          />
          {t('knowledge.timed')}
        </label>
      </div>
      {draft.timed && (
        <>
          <div className="kb-days">
            <WallField
              label={t('knowledge.from')}
              value={draft.from}
              onChange={(from) => onChange({ ...draft, from })}
            />
            <WallField label={t('knowledge.to')} value={draft.to} onChange={(to) => onChange({ ...draft, to })} />
          </div>
          <p className="kb-ends">
            {ENDS.map((end) => (
              <Button
                key={end.name}
                size="small"
                onClick={() => onChange({ ...draft, to: endOfDay(Date.now(), end.days, zone) })}
              >
                {t(`knowledge.end.${end.name}`)}
              </Button>
            ))}
          </p>
          <p className="kb-hint">{t('knowledge.zone', { zone })}</p>
        </>
      )}
      {children}
    </fieldset>
  );
}

function WallField({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  const { t } = useTranslation();
  const id = useId();
  const native = useRef<HTMLInputElement>(null);
  const read = readWall(value);
  return (
    <div className="kb-wall">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        value={value}
        maxLength={30}
        status={value !== '' && read === null ? 'warning' : undefined}
        placeholder={t('knowledge.wallHint')}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => read !== null && read !== value && onChange(read)}
        suffix={
          <Button
            type="text"
            size="small"
            icon={<CalendarClock size={15} aria-hidden="true" />}
            aria-label={t('knowledge.calendar', { label })}
            onClick={() => native.current?.showPicker()}
          />
        }
      />
      <input
        ref={native}
        type="datetime-local"
        className="kb-wall-native"
        tabIndex={-1}
        aria-hidden="true"
        value={read?.replace(' ', 'T') ?? ''}
        onChange={(event) => onChange(readWall(event.target.value) ?? '')}
      />
    </div>
  );
}
