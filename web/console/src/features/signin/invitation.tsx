// SPDX-License-Identifier: Apache-2.0
//
// Accepting a one-time invitation (/console/invitation?code=…): a new colleague chooses a sign-in name and a
// password and is in. The code may also be pasted, for who got it on paper.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me } from '@xiaoer/protocol/wire';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api } from '../../api/http.ts';
import { forgetSession } from '../../app/guard.tsx';
import { Frame, Refusal, countdown, useLock } from './frame.tsx';
import { NewPassword } from './newpassword.tsx';

interface Acceptance {
  code: string;
  sign_in: string;
  password: string;
}

export function Invitation() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  const lock = useLock();

  const accept = useMutation({
    mutationFn: (body: Acceptance) => api<{ me: Me }>('/auth/invitation', { method: 'POST', body, anonymous: true }),
    onSuccess: ({ me }) => {
      forgetSession();
      client.setQueryData(['me'], me);
      void navigate('/', { replace: true });
    },
    onError: lock.lockAfter,
  });

  return (
    <Frame title={t('invitation.title')} lead={t('invitation.lead')}>
      <Form<Acceptance & { again: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ code: search.get('code') ?? '' }}
        onFinish={({ code, sign_in, password }) =>
          accept.mutate({ code: code.trim(), sign_in: sign_in.trim(), password })
        }
      >
        <Form.Item
          name="code"
          label={t('invitation.code')}
          rules={[{ required: true, message: t('invitation.codeMissing') }]}
        >
          <Input autoComplete="one-time-code" autoCapitalize="none" size="large" />
        </Form.Item>
        <Form.Item
          name="sign_in"
          label={t('invitation.name')}
          rules={[{ required: true, message: t('signin.nameMissing') }]}
        >
          <Input autoComplete="username" autoCapitalize="none" size="large" />
        </Form.Item>
        <NewPassword size="large" />
        <Refusal error={accept.error} locked={lock.seconds} wrong={t('invitation.wrong')} />
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={accept.isPending}
          disabled={lock.seconds > 0}
        >
          {lock.seconds > 0 ? t('signin.wait', { time: countdown(lock.seconds) }) : t('invitation.submit')}
        </Button>
        <p className="gate-help">
          <Link to="/sign-in">{t('invitation.have')}</Link>
        </p>
      </Form>
    </Frame>
  );
}
