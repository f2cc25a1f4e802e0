// SPDX-License-Identifier: Apache-2.0
//
// Who I am to the queue: the status menu, how many conversations I have of how many I take, how many wait.
import { App, Button, Dropdown } from 'antd';
import { ChevronDown } from 'lucide-react';
import type { AgentStatus } from '@xiaoer/protocol/wire';
import { useTranslation } from 'react-i18next';
import { useMe, useSetStatus } from '../../api/queries.ts';
import { faultText } from '../../ui/states.tsx';

export const STATUSES: readonly AgentStatus[] = ['online', 'busy', 'break', 'offline'];

export function StatusBar() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const me = useMe().data!;
  const setStatus = useSetStatus();

  const choose = (status: AgentStatus) =>
    setStatus.mutate(status, { onError: (error) => void message.error(faultText(error, t)) });

  const items = STATUSES.map((status) => ({
    key: status,
    icon: <i className={`dot dot-${status}`} />,
    label: (
      <span className="status-choice">
        {t(`status.${status}`)}
        <small>{t(`status.${status}Hint`)}</small>
      </span>
    ),
  }));

  return (
    <div className="status-bar">
      <Dropdown
        trigger={['click']}
        menu={{ items, selectedKeys: [me.status], onClick: ({ key }) => choose(key as AgentStatus) }}
      >
        <Button
          size="small"
          loading={setStatus.isPending}
          aria-label={t('status.label', { status: t(`status.${me.status}`) })}
        >
          <i className={`dot dot-${me.status}`} />
          {t(`status.${me.status}`)}
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      </Dropdown>
      <span className="status-load" title={t('status.loadHint')}>
        {t('status.load', { load: me.load, cap: me.cap })}
        <span aria-hidden="true"> · </span>
        {t('status.queue', { count: me.queue_length })}
      </span>
    </div>
  );
}
