// SPDX-License-Identifier: Apache-2.0
//
// What a person can set: canned replies, how this window behaves, the keyboard, the own password.
import { useTranslation } from 'react-i18next';
import { NavLink, Navigate, useParams } from 'react-router';
import { CannedSettings } from './canned.tsx';
import { Account, Preferences } from './preferences.tsx';
import { ShortcutTable } from '../workbench/help.tsx';
import './settings.css';

const SECTIONS = {
  canned: CannedSettings,
  preferences: Preferences,
  shortcuts: ShortcutTable,
  account: Account,
} as const;

type Section = keyof typeof SECTIONS;
const isSection = (name: string | undefined): name is Section => name !== undefined && name in SECTIONS;

export function Settings() {
  const { t } = useTranslation();
  const { section } = useParams();
  if (!isSection(section)) return <Navigate to="/settings/canned" replace />;
  const Body = SECTIONS[section];
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t('settings.label')}>
        {Object.keys(SECTIONS).map((name) => (
          <NavLink key={name} to={`/settings/${name}`}>
            {t(`settings.${name}`)}
          </NavLink>
        ))}
      </nav>
      <main className="settings-body">
        <h1>{t(`settings.${section}`)}</h1>
        <Body />
      </main>
    </div>
  );
}
