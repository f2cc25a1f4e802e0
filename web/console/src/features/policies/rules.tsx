// SPDX-License-Identifier: Apache-2.0
//
// The rules of the house: dated policies, task flows, suggested solutions, and what has to leave the house. Four pages
// below one bar, each for those whom the server lets in.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { useTeaches } from '../../api/knowledge.ts';
import { useSetsRules } from '../../api/policies.ts';
import { Flows } from '../flows/flows.tsx';
import { Outbox } from '../outbox/outbox.tsx';
import { Solutions } from '../solutions/solutions.tsx';
import { Policies } from './policies.tsx';
import '../training/training.css';
import '../workbench/aside.css';
import '../solutions/solutions.css';
import '../cases/cases.css';

const PAGES = { policies: Policies, flows: Flows, solutions: Solutions, outbox: Outbox } as const;
type Section = keyof typeof PAGES;
const isSection = (name: string | undefined): name is Section => name !== undefined && name in PAGES;

export function Rules() {
  const { t } = useTranslation();
  const { section } = useParams();
  const teaches = useTeaches();
  const leads = useSetsRules();
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    bar.current?.querySelector('.active')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [section]);
  const shown = (Object.keys(PAGES) as Section[]).filter(
    (name) => (name !== 'flows' || teaches) && (name !== 'outbox' || leads),
  );
  if (!isSection(section) || !shown.includes(section)) return <Navigate to={`/rules/${shown[0]}`} replace />;
  const Page = PAGES[section];
  return (
    <div className="training">
      <header className="training-bar">
        <h1>{t('rules.title')}</h1>
        <nav ref={bar} aria-label={t('rules.title')}>
          {shown.map((name) => (
            <NavLink key={name} to={`/rules/${name}`}>
              {t(`rules.section.${name}`)}
            </NavLink>
          ))}
        </nav>
      </header>
      <Page />
    </div>
  );
}
