// SPDX-License-Identifier: Apache-2.0
//
// Other entries that these wordings would find: the same question written down twice answers in two ways. Only a
// warning, because entries of other layers, days or conditions stand beside each other on purpose.
import { CopyCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSame } from '../../api/knowledge.ts';
import type { Draft } from './draft.ts';
import { LayerTag } from './words.tsx';

const ASK_AFTER_MS = 600;

export function SameWarning({ id, draft }: { id: string; draft: Draft }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState({ question: '', similar: [] as string[] });
  const question = draft.question.trim();
  const { similar } = draft;
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ question, similar }), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [question, similar]);
  const same = useSame(id, asked.question, asked.similar).data ?? [];
  if (same.length === 0 || question === '') return null;
  return (
    <div className="kb-same" role="status">
      <p>
        <CopyCheck size={15} aria-hidden="true" /> {t('knowledge.same')}
      </p>
      <ul className="plain-list">
        {same.map((one) => (
          <li key={one.id}>
            <LayerTag layer={one.layer} /> <Link to={`/knowledge/${one.id}`}>{one.question}</Link>{' '}
            {one.asked !== one.question && <span className="quiet">{t('knowledge.sameBy', { text: one.asked })}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
