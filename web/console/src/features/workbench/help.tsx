// SPDX-License-Identifier: Apache-2.0
//
// The keyboard on one page, drawn from the table that the keys go by.
import { Modal, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { SHORTCUTS } from '../../app/shortcuts.ts';
import { Keys } from '../../ui/kbd.tsx';
import { useDesk } from './desk.ts';

export function ShortcutHelp() {
  const { t } = useTranslation();
  return (
    <Modal open title={t('help.title')} footer={null} onCancel={useDesk.getState().close} width={560}>
      <ShortcutTable />
    </Modal>
  );
}

export function ShortcutTable() {
  const { t } = useTranslation();
  const { shortcuts, set } = usePreferences();
  return (
    <>
      <label className="switch-row">
        <Switch size="small" checked={shortcuts} onChange={(on) => set({ shortcuts: on })} aria-label={t('help.on')} />
        <span>{t('help.on')}</span>
      </label>
      <dl className={shortcuts ? 'key-table' : 'key-table key-table-off'}>
        {[...SHORTCUTS, { name: 'close', keys: 'Esc' } as const].map(({ name, keys }) => (
          <div key={name}>
            <dt>{t(`shortcut.${name}`)}</dt>
            <dd>
              <span className="sr-only">{keys}</span>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
