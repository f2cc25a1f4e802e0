// SPDX-License-Identifier: Apache-2.0
//
// How this window behaves for this person: language, send key, sound, notifications, widths. All of it stays in
// this browser. And the account: who I am to the shop, and a new password.
import { Button, Radio, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries.ts';
import { askToNotify, beep, canNotify } from '../../app/attention.ts';
import { WIDTHS, usePreferences, type Language } from '../../app/preferences.ts';
import { LANGUAGES, speak } from '../../i18n/index.ts';
import { PasswordForm } from '../signin/password.tsx';

export function Preferences() {
  const { t } = useTranslation();
  const { language, sendKey, sound, set } = usePreferences();
  return (
    <div className="form-rows">
      <Field label={t('preferences.language')}>
        <Radio.Group
          aria-label={t('preferences.language')}
          value={language}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(event) => void speak(event.target.value as Language)}
        />
      </Field>
      <Field label={t('preferences.sendKey')} hint={t('preferences.sendKeyHint')}>
        <Radio.Group
          aria-label={t('preferences.sendKey')}
          value={sendKey}
          options={[
            { value: 'enter', label: 'Enter' },
            { value: 'ctrl-enter', label: 'Ctrl + Enter' },
          ]}
          onChange={(event) => set({ sendKey: event.target.value as typeof sendKey })}
        />
      </Field>
      <Field label={t('preferences.sound')} hint={t('preferences.soundHint')}>
        <Switch checked={sound} onChange={(on) => set({ sound: on })} aria-label={t('preferences.sound')} />
        <Button size="small" disabled={!sound} onClick={() => beep('assigned')}>
          {t('preferences.listen')}
        </Button>
      </Field>
      <Notifications />
      <Field label={t('preferences.widths')} hint={t('preferences.widthsHint')}>
        <Button
          size="small"
          onClick={() => set({ listWidth: WIDTHS.list.usual, asideWidth: WIDTHS.aside.usual, asideOpen: true })}
        >
          {t('preferences.reset')}
        </Button>
      </Field>
    </div>
  );
}

function Notifications() {
  const { t } = useTranslation();
  const { notifications, set } = usePreferences();
  const [permission, setPermission] = useState(canNotify() ? Notification.permission : 'denied');
  return (
    <Field label={t('preferences.notifications')} hint={t(`preferences.permission.${permission}`)}>
      <Switch
        checked={notifications}
        onChange={(on) => set({ notifications: on })}
        aria-label={t('preferences.notifications')}
      />
      {permission === 'default' && (
        <Button size="small" onClick={() => void askToNotify().then(() => setPermission(Notification.permission))}>
          {t('preferences.allow')}
        </Button>
      )}
    </Field>
  );
}

function Field({ label, hint, children }: { label: string; hint?: string; children: React.ReactNode }) {
  return (
    <div className="form-row">
      <div>
        <b>{label}</b>
        {hint && <p>{hint}</p>}
      </div>
      <div className="form-control">{children}</div>
    </div>
  );
}

export function Account() {
  const { t } = useTranslation();
  const me = useMe().data!;
  const facts = [
    [t('account.name'), me.name],
    [t('account.alias'), me.alias],
    [t('account.shop'), me.shop.name],
    [t('account.roles'), me.roles.map((role) => t(`role.${role}`, role)).join(' · ')],
    [
      t('account.skills'),
      me.skills.map(({ skill, level }) => `${t(`skill.${skill}`, { defaultValue: skill })} ${level}`).join(' · '),
    ],
    [t('account.languages'), me.languages.map((tag) => t(`language.${tag}`, { defaultValue: tag })).join(' · ')],
    [t('account.hours'), me.shop.hours],
  ].filter(([, value]) => value !== '');
  return (
    <>
      <dl className="facts facts-wide">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('password.title')}</h2>
      <div className="form-narrow">
        <PasswordForm />
      </div>
    </>
  );
}
