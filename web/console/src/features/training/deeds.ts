// SPDX-License-Identifier: Apache-2.0
//
// What a trainer does, said the same way everywhere: do it, say what was done, and offer to take it back.
import { App, Button } from 'antd';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from '../../api/http.ts';
import { useLearningActions, type Deed, type Done } from '../../api/training.ts';
import { faultText } from '../../ui/states.tsx';
import { useIntentName } from '../../ui/intents.tsx';

const SHOWN_SECONDS = 8;

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** Codes of learning that mean something else, or nothing, elsewhere. */
export function teachingFault(error: unknown, t: Translate): string {
  const code = error instanceof Fault ? error.code : '';
  const own = t(`training.fault.${code}`, { defaultValue: '' });
  return own === '' ? faultText(error, t) : own;
}

export function useComplain() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (error: unknown) => {
    const id = error instanceof Fault ? error.requestId : '';
    void message.error(id === '' ? teachingFault(error, t) : `${teachingFault(error, t)} (${id})`);
  };
}

export function useDeeds() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { act, undo } = useLearningActions();
  const nameOf = useIntentName();
  const complain = useComplain();

  const takeBack = async (id: string) => {
    message.destroy(id);
    try {
      await undo.mutateAsync(id);
      void message.success(t('training.undone'));
    } catch (error) {
      complain(error);
    }
  };

  const tell = (done: Done) => {
    const said = t(`training.did.${done.kind}`, { count: done.items, name: nameOf(done.target) });
    const back = createElement(
      Button,
      { type: 'link', size: 'small', onClick: () => void takeBack(done.id) },
      t('training.undo'),
    );
    void message.open({
      key: done.id,
      type: 'success',
      duration: SHOWN_SECONDS,
      content: createElement('span', { className: 'told' }, said, back),
    });
  };

  return {
    busy: act.isPending,
    undoing: undo.isPending ? undo.variables : null,
    /** True when it was done. */
    act: async (deed: Deed): Promise<boolean> => {
      try {
        tell(await act.mutateAsync(deed));
        return true;
      } catch (error) {
        complain(error);
        return false;
      }
    },
    undo: takeBack,
  };
}
