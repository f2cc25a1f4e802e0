// SPDX-License-Identifier: Apache-2.0
//
// The quiet page around the three forms that come before work: sign-in, invitation, new password. And what they
// share: how a refusal is said, and the seconds that a locked sign-in has to wait.
import { Alert, Button, Dropdown } from 'antd';
import { Languages } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isFault } from '../../api/http.ts';
import { usePreferences } from '../../app/preferences.ts';
import { LANGUAGES } from '../../i18n/index.ts';
import { languageMenu } from '../../i18n/menu.ts';
import { elapsed } from '@xiaoer/shared/time';
import { RequestId, faultText } from '../../ui/states.tsx';
import './signin.css';

export const LEAST_PASSWORD = 10;
const LOCK_SECONDS = 60;

export function Frame({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const language = usePreferences((state) => state.language);
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);

  return (
    <main className="gate">
      <div className="gate-card">
        <div className="gate-brand">
          <img src="/console/favicon.svg" alt="" width={32} height={32} />
          <span>{t('app.name')}</span>
          <Dropdown trigger={['click']} menu={languageMenu(language)}>
            <Button type="text" size="small" icon={<Languages size={15} aria-hidden="true" />}>
              {LANGUAGES[language]}
            </Button>
          </Dropdown>
        </div>
        <h1>{title}</h1>
        {lead && <p className="gate-lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
}

/** Counts down after a 429; 0 when one may try again. */
export function useLock() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return {
    seconds,
    /** The lock is of one name: another one may be tried at once. */
    forget: () => setSeconds(0),
    lockAfter: (error: unknown) => {
      if (isFault(error, 429)) setSeconds(error.retryAfterSeconds || LOCK_SECONDS);
    },
  };
}

/** Of a button that has to wait: "14:52". */
export const countdown = (seconds: number) => elapsed(seconds * 1000);

/** `wrong` is what a 401 means on this form. */
export function Refusal({ error, locked, wrong }: { error: unknown; locked: number; wrong?: string }) {
  const { t } = useTranslation();
  if (!error) return null;
  // Said once: the button counts on, and a screen reader is not told every second.
  if (locked > 0) return <Alert type="warning" showIcon role="alert" title={t('signin.locked')} />;
  if (isFault(error, 429)) return null;
  const text = isFault(error, 401) ? (wrong ?? t('signin.wrong')) : faultText(error, t);
  return <Alert type="error" showIcon role="alert" title={text} description={<RequestId error={error} />} />;
}
