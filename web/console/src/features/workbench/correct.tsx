// SPDX-License-Identifier: Apache-2.0
//
// An agent knows better what a buyer meant: the bot learns from it, and trainers see it in their list.
import { App, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries.ts';
import { useCorrection } from '../../api/training.ts';
import { IntentPicker } from '../../ui/intents.tsx';
import { focusFirst, useReturnFocus } from '../../ui/focus.ts';
import type { Actions } from './actions.ts';
import { useDesk, type Misheard } from './desk.ts';

/** Staff of the platform only look; the server holds it. */
export const useMayCorrect = (): boolean => useMe().data?.roles.some((role) => role !== 'staff') ?? false;

export const askCorrection = (misheard: Misheard) => useDesk.getState().set({ dialog: 'correct', misheard });

export function CorrectDialog({ misheard, actions }: { misheard: Misheard; actions: Actions }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const correction = useCorrection();
  const [intent, setIntent] = useState<string | null>(null);
  const { close } = useDesk.getState();
  useReturnFocus();

  const send = (id: string) =>
    correction.mutate(
      { conversation: misheard.conversation, seq: misheard.seq, intent: id },
      {
        onSuccess: () => {
          close();
          void message.success(t('correct.done'));
        },
        onError: actions.complain,
      },
    );

  return (
    <Modal
      open
      width={520}
      title={t('correct.title')}
      afterOpenChange={focusFirst}
      onCancel={close}
      onOk={() => intent !== null && send(intent)}
      okText={t('correct.submit')}
      okButtonProps={{ disabled: intent === null, loading: correction.isPending }}
    >
      <p className="misheard">{misheard.text}</p>
      <p className="quiet">{t('correct.lead')}</p>
      <IntentPicker value={intent} likely={[misheard.intent]} onChange={setIntent} onSubmit={send} />
    </Modal>
  );
}
