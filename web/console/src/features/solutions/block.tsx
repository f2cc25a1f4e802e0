// SPDX-License-Identifier: Apache-2.0
//
// Beside the conversation: what may best be done about the problem, ranked, each with why and by which rule. Taking one
// opens the sheet, the dialog or the composer with what is known filled in; nothing is done by itself. Which one was
// taken is noted, for the table's figures.
import type { Order } from '@xiaoer/protocol/wire';
import { Button } from 'antd';
import { Lightbulb } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrders } from '../../api/queries.ts';
import { noteUsed, useSolutions, type Fitting, type Solutions } from '../../api/solutions.ts';
import { useLive } from '../../live/store.ts';
import { CaseDrawer } from '../cases/drawer.tsx';
import type { Actions } from '../workbench/actions.ts';
import { filledFrom } from '../workbench/deed.ts';
import { ActionSheet } from '../workbench/sheet.tsx';
import './solutions.css';

const MOST = 3;

export function SolutionsBlock({ id, mine, actions }: { id: string; mine: boolean; actions: Actions }) {
  const { t } = useTranslation();
  const seq = useLive((state) => state.rows.byId[id]?.seq ?? 0);
  const solutions = useSolutions(id, seq).data;
  const orders = useOrders(id).data?.items ?? [];
  const [sheet, setSheet] = useState<Fitting | null>(null);
  const [caseId, setCaseId] = useState<string | null>(null);
  if (!solutions || solutions.items.length === 0) return null;
  const order = orders.find((one) => one.order_id === solutions.order_id);

  const take = (one: Fitting) => {
    noteUsed(id, solutions, one.id);
    switch (one.kind) {
      case 'action':
        setSheet(one);
        return;
      case 'case':
        setCaseId(solutions.case_id);
        return;
      case 'reply':
        actions.adopt(one.words);
        return;
      case 'work_order':
        actions.askWorkOrder({ team: one.what, order: solutions.order_id, text: one.title });
        return;
      case 'agreement':
        actions.askAgreement(one.title);
    }
  };
  return (
    <section aria-label={t('solutions.suggested')}>
      <h2 className="solutions-head">
        <Lightbulb size={15} strokeWidth={1.9} aria-hidden="true" /> {t('solutions.suggested')}
      </h2>
      {solutions.items.slice(0, MOST).map((one) => (
        <One
          key={one.id}
          one={one}
          can={canTake(one, solutions, order)}
          mine={mine}
          onTake={() => take(one)}
          onWords={() => {
            noteUsed(id, solutions, one.id);
            actions.adopt(one.words);
          }}
        />
      ))}
      {sheet && order && (
        <ActionSheet
          order={order}
          action={sheet.what}
          conversation={id}
          filled={filledFrom(sheet.args)}
          onClose={() => setSheet(null)}
        />
      )}
      {caseId !== null && <CaseDrawer id={caseId} order={order} onClose={() => setCaseId(null)} />}
    </section>
  );
}

/** An action needs its order, a step its case. */
function canTake(one: Fitting, solutions: Solutions, order: Order | undefined): boolean {
  if (one.kind === 'action') return order !== undefined;
  return one.kind !== 'case' || solutions.case_id !== null;
}

interface OneProps {
  one: Fitting;
  can: boolean;
  mine: boolean;
  onTake(): void;
  onWords(): void;
}

function One({ one, can, mine, onTake, onWords }: OneProps) {
  const { t } = useTranslation();
  return (
    <article className="solution" aria-label={one.title}>
      <h3>
        {one.title} <span className={`tag tag-kind-${one.kind}`}>{t(`solutions.kind.${one.kind}`)}</span>
      </h3>
      <p className="quiet">{one.why}</p>
      {one.words !== '' && <p className="solution-words">{one.words}</p>}
      {one.rule && (
        <p className="quiet" title={one.rule.meaning}>
          {t('solutions.rule')} <code>{one.rule.key}</code>
          {one.rule.value.length <= 24 && <> = {one.rule.value}</>}
        </p>
      )}
      {mine && (
        <p className="solution-deeds">
          {can && (
            <Button size="small" type="primary" onClick={onTake}>
              {t(`solutions.take.${one.kind}`)}
            </Button>
          )}
          {one.kind !== 'reply' && one.words !== '' && (
            <Button size="small" onClick={onWords}>
              {t('solutions.words')}
            </Button>
          )}
        </p>
      )}
    </article>
  );
}
