// SPDX-License-Identifier: Apache-2.0
//
// The right pane: four tabs of help for the open conversation. Only the one on show is there and asks anything.
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrders } from '../../api/queries.ts';
import type { Actions } from './actions.ts';
import { Assist } from './assist.tsx';
import { useDesk, type AsideTab } from './desk.ts';
import { History } from './history.tsx';
import { Orders } from './orders.tsx';
import { PaneBar } from './panes.tsx';
import { Products } from './products.tsx';

interface Props {
  id: string;
  actions: Actions;
  /** Beside the conversation with a bar to drag, in a drawer, or the whole page of a narrow window. */
  place: 'pane' | 'drawer' | 'page';
}

export function Aside({ id, actions, place }: Props) {
  const { t } = useTranslation();
  const tab = useDesk((state) => state.asideTab);
  const orders = useOrders(id).data?.items.length ?? 0;

  const Pane = place === 'page' ? 'main' : 'aside';
  const items = [
    { key: 'assist', label: t('aside.assist'), children: <Assist key={id} id={id} actions={actions} /> },
    {
      key: 'orders',
      label: orders > 0 ? `${t('aside.orders')} ${orders}` : t('aside.orders'),
      children: <Orders key={id} id={id} actions={actions} />,
    },
    { key: 'products', label: t('aside.products'), children: <Products key={id} id={id} actions={actions} /> },
    { key: 'history', label: t('aside.history'), children: <History key={id} id={id} actions={actions} /> },
  ] satisfies { key: AsideTab; label: string; children: React.ReactNode }[];

  return (
    <Pane className="pane-aside" aria-label={t('aside.label')}>
      {place === 'pane' && <PaneBar pane="aside" />}
      {place === 'page' && <h1 className="sr-only">{t('aside.label')}</h1>}
      <Tabs
        size="small"
        activeKey={tab}
        items={items}
        destroyOnHidden
        onChange={(key) => useDesk.getState().set({ asideTab: key as AsideTab })}
      />
    </Pane>
  );
}
