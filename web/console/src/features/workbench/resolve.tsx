// SPDX-License-Identifier: Apache-2.0
//
// Ending a conversation: what it was about (filled in from what the bot understood) and a note if there is one to
// make. The category feeds reports, so it is asked for every time, and guessed so that asking costs nothing.
import type { Detail } from '@xiaoer/protocol/wire';
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCategories, useDetail, type Category } from '../../api/queries.ts';
import { Bones, Failed, RequestId, faultText } from '../../ui/states.tsx';
import type { Actions } from './actions.ts';
import { useDesk } from './desk.ts';

const MOST_NOTE = 500;
const OK = 'resolve-ok';
/** With everything filled in, Enter is enough; else what has to be filled in comes first. */
const focusNext = () => {
  const ok = document.getElementById(OK) as HTMLButtonElement | null;
  (ok && !ok.disabled ? ok : document.getElementById('resolve-category'))?.focus();
};

export function ResolveDialog({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const categories = useCategories();
  const detail = useDetail(id).data;
  const thenNext = useDesk((state) => state.thenNext);
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const { close } = useDesk.getState();
  const guess = categories.data ? guessOf(categories.data, detail) : null;
  const category = chosen ?? guess;

  const ready = category !== null;
  useEffect(focusNext, [ready]);

  const submit = async () => {
    if (!category) return;
    setState({ busy: true, error: null });
    try {
      await actions.resolve(id, { category, note: note.trim() || undefined });
      close();
    } catch (error) {
      setState({ busy: false, error });
    }
  };

  return (
    <Modal
      open
      title={t('resolve.title')}
      onCancel={close}
      onOk={() => void submit()}
      okText={t('resolve.submit')}
      okButtonProps={{ id: OK, disabled: !category, loading: state.busy }}
      afterOpenChange={(open) => open && focusNext()}
      width={460}
    >
      {categories.isPending && <Bones rows={2} />}
      {categories.isError && <Failed error={categories.error} onRetry={() => void categories.refetch()} />}
      {categories.data && (
        <Form layout="vertical">
          <Form.Item
            label={t('resolve.category')}
            htmlFor="resolve-category"
            extra={guess !== null && category === guess ? t('resolve.guessed') : undefined}
          >
            <Select
              id="resolve-category"
              aria-label={t('resolve.category')}
              showSearch={{ optionFilterProp: 'label' }}
              value={category}
              placeholder={t('resolve.choose')}
              options={categories.data.map((one) => ({ value: one.id, label: one.name }))}
              onChange={setChosen}
            />
          </Form.Item>
          <Form.Item label={t('resolve.note')} htmlFor="resolve-note">
            <Input.TextArea
              id="resolve-note"
              value={note}
              rows={3}
              maxLength={MOST_NOTE}
              placeholder={t('resolve.noteHint')}
              onChange={(event) => setNote(event.target.value)}
            />
          </Form.Item>
          <Checkbox checked={thenNext} onChange={(event) => useDesk.getState().set({ thenNext: event.target.checked })}>
            {t('resolve.thenNext')}
          </Checkbox>
          {state.error !== null && (
            <div role="alert" className="form-error">
              {faultText(state.error, t)}
              <RequestId error={state.error} />
            </div>
          )}
        </Form>
      )}
    </Modal>
  );
}

/** The category that the bot's topic points to, if one does. */
export function guessOf(categories: readonly Category[], detail: Detail | undefined): string | null {
  const intent = detail?.understanding?.intent ?? '';
  const names = [detail?.understanding?.intent_name, detail?.item.topic].filter(Boolean);
  const byId = categories.find((one) => one.id === intent) ?? categories.find((one) => intent.startsWith(`${one.id}_`));
  const byName = categories.find((one) => names.includes(one.name));
  return (byId ?? byName)?.id ?? null;
}
