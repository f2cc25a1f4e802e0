// SPDX-License-Identifier: Apache-2.0
//
// What waits for people: requests that need a second person, cases by deadline, work orders, conversations one is asked
// into. Four pages below one bar.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { useInvitations } from '../../api/solutions.ts';
import { useApprovals, useApproves } from '../../api/work.ts';
import { WorkOrders } from '../workorders/workorders.tsx';
import { Approvals } from './approvals.tsx';
import { Cases } from './cases.tsx';
import { Invitations } from './invitations.tsx';
import '../training/training.css';
import '../workbench/aside.css';
import '../solutions/solutions.css';
import './cases.css';

const PAGES = { approvals: Approvals, cases: Cases, 'work-orders': WorkOrders, invitations: Invitations } as const;
type Section = keyof typeof PAGES;
const isSection = (name: string | undefined): name is Section => name !== undefined && name in PAGES;

export function Tasks() {
  const { t } = useTranslation();
  const { section } = useParams();
  const approves = useApproves();
  const bar = useRef<HTMLElement>(null);
  const counts: Partial<Record<Section, number>> = {
    approvals: useApprovals(approves).data?.length,
    invitations: useInvitations().data?.filter((one) => one.joined_at === null).length,
  };
  useEffect(() => {
    bar.current?.querySelector('.active')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [section]);
  const shown = (Object.keys(PAGES) as Section[]).filter((name) => approves || name !== 'approvals');
  if (!isSection(section) || !shown.includes(section)) return <Navigate to={`/tasks/${shown[0]}`} replace />;
  const Page = PAGES[section];
  return (
    <div className="training">
      <header className="training-bar">
        <h1>{t('tasks.title')}</h1>
        <nav ref={bar} aria-label={t('tasks.title')}>
          {shown.map((name) => (
            <NavLink key={name} to={`/tasks/${name}`}>
              {t(`tasks.section.${name}`)}
              {(counts[name] ?? 0) > 0 && (
                <span className="badge" aria-label={t('tasks.waiting', { count: counts[name] })}>
                  {counts[name]}
                </span>
              )}
            </NavLink>
          ))}
        </nav>
      </header>
      <Page />
    </div>
  );
}
