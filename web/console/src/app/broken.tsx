// SPDX-License-Identifier: Apache-2.0
//
// The two ends of the road: an address that is no page, and a page that failed to show. A chunk that is gone
// because the server was updated meanwhile is mended by loading the page again.
import { Button } from 'antd';
import { Compass, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Nothing } from '../ui/states.tsx';

export function Lost() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <main className="full">
      <h1 className="sr-only">{t('state.lost')}</h1>
      <Nothing text={t('state.lost')} icon={Compass}>
        <Button onClick={() => void navigate('/')}>{t('state.home')}</Button>
      </Nothing>
    </main>
  );
}

export function Broken() {
  const { t } = useTranslation();
  return (
    <main className="full">
      <Nothing text={t('state.broken')} icon={TriangleAlert}>
        <Button type="primary" onClick={() => location.reload()}>
          {t('state.reload')}
        </Button>
      </Nothing>
    </main>
  );
}
