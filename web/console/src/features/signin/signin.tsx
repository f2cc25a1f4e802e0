// SPDX-License-Identifier: Apache-2.0
//
// Signing in: shop, name, password. Pasting and password managers are welcome; after too many tries the button
// counts down the seconds that the server asked for.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me } from '@xiaoer/protocol/wire';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { api } from '../../api/http.ts';
import { forgetSession } from '../../app/guard.tsx';
import { Frame, Refusal, countdown, useLock } from './frame.tsx';

interface Credentials {
  shop: string;
  sign_in: string;
  password: string;
}

const SHOP_KEY = 'xiaoer-shop';

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const from = (useLocation().state as { from?: string } | null)?.from ?? '/';
  const lock = useLock();

  const signIn = useMutation({
    mutationFn: (body: Credentials) => api<{ me: Me }>('/auth/sign-in', { method: 'POST', body, anonymous: true }),
    onSuccess: ({ me }, { shop }) => {
      forgetSession();
      localStorage.setItem(SHOP_KEY, shop);
      client.setQueryData(['me'], me);
      void navigate(from, { replace: true });
    },
    onError: lock.lockAfter,
  });

  return (
    <Frame title={t('signin.title')}>
      <Form<Credentials>
        layout="vertical"
        requiredMark={false}
        initialValues={{ shop: localStorage.getItem(SHOP_KEY) ?? '' }}
        onValuesChange={(changed) => {
          if (lock.seconds === 0 || !('shop' in changed || 'sign_in' in changed)) return;
          lock.forget();
          signIn.reset();
        }}
        onFinish={(values) => signIn.mutate({ ...values, shop: values.shop.trim(), sign_in: values.sign_in.trim() })}
      >
        <Form.Item name="shop" label={t('signin.shop')} rules={[{ required: true, message: t('signin.shopMissing') }]}>
          <Input autoComplete="organization" autoCapitalize="none" size="large" placeholder={t('signin.shopHint')} />
        </Form.Item>
        <Form.Item
          name="sign_in"
          label={t('signin.name')}
          rules={[{ required: true, message: t('signin.nameMissing') }]}
        >
          <Input autoComplete="username" autoCapitalize="none" size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signin.password')}
          rules={[{ required: true, message: t('signin.passwordMissing') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Refusal error={signIn.error} locked={lock.seconds} />
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={signIn.isPending}
          disabled={lock.seconds > 0}
        >
          {lock.seconds > 0 ? t('signin.wait', { time: countdown(lock.seconds) }) : t('signin.submit')}
        </Button>
        <p className="gate-help">
          {t('signin.help')} <Link to="/invitation">{t('signin.invited')}</Link>
        </p>
      </Form>
    </Frame>
  );
}
