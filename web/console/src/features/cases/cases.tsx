// SPDX-License-Identifier: Apache-2.0
//
// Open after-sale cases, soonest deadline first: those that wait for the shop, for the buyer, or all; or those of one
// order. Each opens to its timeline.
import { Button, Input } from 'antd';
import { RotateCcw, Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries.ts';
import { useCaseList, useCases, type CaseListed, type Waits } from '../../api/work.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { CaseLine } from '../workbench/cases.tsx';
import { CaseDrawer } from './drawer.tsx';

const SIDES: readonly Waits[] = ['shop', 'buyer', 'all'];

export function Cases() {
  const { t } = useTranslation();
  const [waits, setWaits] = useState<Waits>('shop');
  const [q, setQ] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const order = useDeferredValue(q.trim());
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('cases.title')}</h2>
          <p className="quiet">{t('cases.lead')}</p>
        </div>
      </div>
      <div className="tools tools-line">
        <div className="tabs tabs-page" role="group" aria-label={t('cases.sides')}>
          {SIDES.map((side) => (
            <button
              key={side}
              type="button"
              aria-pressed={side === waits && order === ''}
              onClick={() => setWaits(side)}
            >
              {t(`cases.side.${side}`)}
            </button>
          ))}
        </div>
        <Input
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
          prefix={<Search size={15} aria-hidden="true" />}
          placeholder={t('cases.search')}
          aria-label={t('cases.search')}
        />
      </div>
      {order === '' ? <ByDeadline waits={waits} onOpen={setOpen} /> : <OfOrder order={order} onOpen={setOpen} />}
      {open !== null && <CaseDrawer id={open} onClose={() => setOpen(null)} />}
    </main>
  );
}

function ByDeadline({ waits, onOpen }: { waits: Waits; onOpen(id: string): void }) {
  const { t } = useTranslation();
  const list = useCaseList(waits);
  if (list.isPending) return <Bones rows={6} />;
  if (list.isError && !list.data) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.length === 0 && <Nothing text={t(`cases.none.${waits}`)} icon={RotateCcw} />}
      <List items={items} onOpen={onOpen} />
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('work.more')}
        </Button>
      )}
    </>
  );
}

function OfOrder({ order, onOpen }: { order: string; onOpen(id: string): void }) {
  const { t } = useTranslation();
  const cases = useCases(order);
  if (cases.isPending) return <Bones rows={3} />;
  if (cases.isError) return <Failed error={cases.error} onRetry={() => void cases.refetch()} />;
  if (cases.data.length === 0) return <Nothing text={t('cases.noneOf', { order })} icon={RotateCcw} />;
  return <List items={cases.data} onOpen={onOpen} />;
}

function List({ items, onOpen }: { items: CaseListed[]; onOpen(id: string): void }) {
  const { t } = useTranslation();
  const currency = useMe().data?.shop.currency ?? '';
  if (items.length === 0) return null;
  return (
    <ul className="plain-list row-list" aria-label={t('cases.title')}>
      {items.map((one) => (
        <li key={one.case.id}>
          <button type="button" className="row-card row-button case-wide" onClick={() => onOpen(one.case.id)}>
            <CaseLine one={one} currency={currency} />
            <code>{one.case.order}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}
