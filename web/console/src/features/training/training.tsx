// SPDX-License-Identifier: Apache-2.0
//
// Bot training: what the bot did not serve well, and how it learns. Five pages below one bar; for owners, leaders and
// trainers, as the server has it.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { Fault } from '../../api/http.ts';
import { useTeaches } from '../../api/knowledge.ts';
import { Failed } from '../../ui/states.tsx';
import { Cases } from './cases.tsx';
import { Phrases } from './phrases.tsx';
import { Questions } from './questions.tsx';
import { Records } from './records.tsx';
import { VersionPage } from './version.tsx';
import { Versions } from './versions.tsx';
import './training.css';

const SECTIONS = ['questions', 'phrases', 'cases', 'versions', 'records'] as const;
type Section = (typeof SECTIONS)[number];
const isSection = (name: string | undefined): name is Section => SECTIONS.some((section) => section === name);

export function Training() {
  const { t } = useTranslation();
  const { section } = useParams();
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar is wider than the screen.
  useEffect(() => {
    bar.current?.querySelector('.active')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [section]);
  if (!useTeaches()) {
    return (
      <main className="full">
        <h1 className="sr-only">{t('training.title')}</h1>
        <Failed error={new Fault({ status: 403, code: 'not_allowed' })} />
      </main>
    );
  }
  if (!isSection(section)) return <Navigate to="/training/questions" replace />;
  return (
    <div className="training">
      <header className="training-bar">
        <h1>{t('training.title')}</h1>
        <nav ref={bar} aria-label={t('training.title')}>
          {SECTIONS.map((name) => (
            <NavLink key={name} to={`/training/${name}`}>
              {t(`training.section.${name}`)}
            </NavLink>
          ))}
        </nav>
      </header>
      <Body section={section} />
    </div>
  );
}

function Body({ section }: { section: Section }) {
  const { id } = useParams();
  switch (section) {
    case 'questions':
      return <Questions />;
    case 'phrases':
      return <Phrases />;
    case 'cases':
      return <Cases />;
    case 'versions':
      return id === undefined ? <Versions /> : <VersionPage key={id} number={Number(id)} />;
    case 'records':
      return <Records />;
  }
}
