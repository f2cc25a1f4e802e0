// SPDX-License-Identifier: Apache-2.0
//
// The four states that every list and panel has beside its content: loading (bones of the same shape, shown only
// after 150 ms), empty (one sentence, one action), failed (what, retry, request id) and forbidden (which role).
import { Button } from 'antd';
import { Inbox as InboxIcon, Lock, RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault, isFault } from '../api/http.ts';
import { useMe } from '../api/queries.ts';

export function Bones({ rows = 4, avatar = false }: { rows?: number; avatar?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="bones" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div className="bone-row" key={row}>
          {avatar && <span className="bone bone-disc" />}
          <span className="bone-lines">
            <span className="bone" style={{ width: `${38 + ((row * 17) % 30)}%` }} />
            <span className="bone" style={{ width: `${66 + ((row * 13) % 30)}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

export function Nothing({
  text,
  icon: Icon = InboxIcon,
  children,
}: {
  text: string;
  icon?: LucideIcon;
  children?: ReactNode;
}) {
  return (
    <div className="nothing">
      <Icon size={28} strokeWidth={1.5} aria-hidden="true" />
      <p>{text}</p>
      {children}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  if (isFault(error, 403)) return <Forbidden fault={error} />;
  return (
    <div className="nothing" role="alert">
      <TriangleAlert size={28} strokeWidth={1.5} aria-hidden="true" />
      <p>{faultText(error, t)}</p>
      {onRetry && (
        <Button icon={<RotateCw size={14} />} onClick={onRetry}>
          {t('state.retry')}
        </Button>
      )}
      <RequestId error={error} />
    </div>
  );
}

function Forbidden({ fault }: { fault: Fault }) {
  const { t } = useTranslation();
  const roles = useMe().data?.roles ?? [];
  return (
    <div className="nothing" role="alert">
      <Lock size={28} strokeWidth={1.5} aria-hidden="true" />
      <p>
        <strong>{t('state.forbidden')}</strong>
      </p>
      <p>{faultText(fault, t)}</p>
      {roles.length > 0 && (
        <p>{t('state.yourRoles', { roles: roles.map((role) => t(`role.${role}`, role)).join(' · ') })}</p>
      )}
      <RequestId error={fault} />
    </div>
  );
}

export function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const id = error instanceof Fault ? error.requestId : '';
  return id === '' ? null : (
    <p className="request-id">
      {t('state.requestId')} <code>{id}</code>
    </p>
  );
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** A stable code in the language of the screen; for a code without words here, the server's own sentence. */
export const codeText = (code: string, said: string, t: Translate) => t(`code.${code}`, { defaultValue: said });

/** What went wrong, in one sentence. */
export function faultText(error: unknown, t: Translate): string {
  if (!(error instanceof Fault)) return t('fault.unknown');
  if (error.status === 0) return t(error.code === 'timeout' ? 'fault.timeout' : 'fault.unreachable');
  const said = error.message === error.code || error.message === 'fault' ? '' : error.message;
  return codeText(error.code, said, t) || t('fault.status', { status: error.status });
}
