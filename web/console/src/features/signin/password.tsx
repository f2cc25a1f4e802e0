// SPDX-License-Identifier: Apache-2.0
//
// Changing one's own password: as a page that cannot be left while the password is a default one, and as a form
// within the settings.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me } from '@xiaoer/protocol/wire';
import { App, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate } from 'react-router';
import { api } from '../../api/http.ts';
import { signOut } from '../../app/guard.tsx';
import { useMe } from '../../api/queries.ts';
import { Frame, Refusal, useLock } from './frame.tsx';
import { NewPassword } from './newpassword.tsx';

export function ChangePassword() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().data;
  if (me && !me.must_change_password) return <Navigate to="/" replace />;
  return (
    <Frame title={t('password.title')} lead={t('password.lead')}>
      <PasswordForm onDone={() => void navigate('/', { replace: true })} block />
      <p className="gate-help">
        <Button type="link" onClick={() => void signOut().then(() => navigate('/sign-in', { replace: true }))}>
          {t('nav.signOut')}
        </Button>
      </p>
    </Frame>
  );
}

export function PasswordForm({ onDone, block = false }: { onDone?: () => void; block?: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ old: string; password: string }>();
  const lock = useLock();
  const size = block ? 'large' : undefined;

  const change = useMutation({
    mutationFn: (body: { old: string; new: string }) =>
      api<void>('/auth/password', { method: 'POST', body, anonymous: true }),
    onSuccess: () => {
      client.setQueryData<Me>(['me'], (me) => me && { ...me, must_change_password: false });
      form.resetFields();
      void message.success(t('password.done'));
      onDone?.();
    },
    onError: lock.lockAfter,
  });

  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={({ old, password }) => change.mutate({ old, new: password })}
    >
      <Form.Item
        name="old"
        label={t('password.old')}
        rules={[{ required: true, message: t('signin.passwordMissing') }]}
      >
        <Input.Password autoComplete="current-password" size={size} />
      </Form.Item>
      <NewPassword size={size} />
      <Refusal error={change.error} locked={lock.seconds} wrong={t('password.wrong')} />
      <Button
        type="primary"
        htmlType="submit"
        size={size}
        block={block}
        loading={change.isPending}
        disabled={lock.seconds > 0}
      >
        {t('password.submit')}
      </Button>
    </Form>
  );
}
