// SPDX-License-Identifier: Apache-2.0
//
// The two fields of a new password, wherever one is chosen. Length is what counts; the server has the last word.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { LEAST_PASSWORD } from './frame.tsx';

export function NewPassword({ size }: { size?: 'large' }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t('password.new')}
        extra={t('password.rule', { count: LEAST_PASSWORD })}
        rules={[{ required: true, min: LEAST_PASSWORD, message: t('password.short', { count: LEAST_PASSWORD }) }]}
      >
        <Input.Password autoComplete="new-password" size={size} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['password']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_rule, value) =>
              value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('password.differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" size={size} />
      </Form.Item>
    </>
  );
}
