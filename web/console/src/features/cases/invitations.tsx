// SPDX-License-Identifier: Apache-2.0
//
// Conversations of others that one is asked into.
import { Button } from 'antd';
import { MessagesSquare, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useInvitations } from '../../api/solutions.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';

export function Invitations() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const format = useFormat();
  const invitations = useInvitations();
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('tasks.section.invitations')}</h2>
          <p className="quiet">{t('party.mineLead')}</p>
        </div>
      </div>
      {invitations.isPending && <Bones rows={3} />}
      {invitations.isError && !invitations.data && (
        <Failed error={invitations.error} onRetry={() => void invitations.refetch()} />
      )}
      {invitations.data?.length === 0 && <Nothing text={t('party.none')} icon={UserPlus} />}
      {invitations.data && invitations.data.length > 0 && (
        <ul className="plain-list row-list" aria-label={t('tasks.section.invitations')}>
          {invitations.data.map((one) => (
            <li key={one.conversation} className="row-card">
              <MessagesSquare size={17} strokeWidth={1.75} aria-hidden="true" />
              <div className="row-main">
                <p className="row-line">
                  <b>{one.contact}</b>
                  {one.team !== '' && <span className="tag">{one.team}</span>}
                  <span className={`pill pill-${one.joined_at ? 'calm' : 'warn'}`}>
                    {t(one.joined_at ? 'party.joined' : 'party.invited')}
                  </span>
                </p>
                {one.note !== '' && <p>{one.note}</p>}
                <p className="quiet">
                  {t('party.asked', { name: one.invited_by })} ·{' '}
                  <time dateTime={one.invited_at} title={format.full(one.invited_at)}>
                    {format.dayAndClock(one.invited_at)}
                  </time>
                </p>
              </div>
              <Button type="primary" size="small" onClick={() => void navigate(`/conversations/${one.conversation}`)}>
                {t('orders.openConversation')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
