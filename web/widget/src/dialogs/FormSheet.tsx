// SPDX-License-Identifier: Apache-2.0
//
// A form of the bot, to be filled in: checked field by field before it is sent, and again by the server. What was typed stays
// while the sheet is put away, and is forgotten when it is sent or the page is left.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Form, FormField } from '@xiaoer/protocol';
import { useChat } from '../hooks.ts';
import { t, type Key } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { Region } from '../forms/Region.tsx';
import { check, masked, tidy, type Wrong } from '../forms/check.ts';
import { Sheet } from './Sheet.tsx';

type Values = Record<string, string>;
const WORDS: Record<Wrong, Key> = {
  missing: 'form.missing',
  long: 'form.long',
  phone: 'form.phone',
  region: 'form.region',
  refused: 'form.refused',
};

/** What the browser, or the phone, knows already about this buyer. */
function autofill(field: FormField): string {
  if (field.type === 'name') return 'name';
  if (field.type === 'phone') return 'tel';
  if (field.type === 'region') return 'address-level1';
  return /address|detail|street/.test(field.name) ? 'street-address' : 'off';
}

export function FormSheet({ form }: { form: Form }) {
  const chat = useChat();
  const [values, setValues] = useState<Values>(
    () => chat.drafts.get(form.id) ?? Object.fromEntries(form.fields.map((f) => [f.name, f.value ?? ''])),
  );
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => void chat.drafts.set(form.id, values), [chat, form.id, values]);

  const close = () => chat.sheet(null);
  const set = (name: string, value: string) => {
    setValues({ ...values, [name]: value });
    const { [name]: gone, ...rest } = wrong;
    if (gone) setWrong(rest);
  };
  const show = (found: Record<string, Wrong>) => {
    setWrong(found);
    const first = form.fields.find((f) => found[f.name]);
    if (first) requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[name="${first.name}"]`)?.focus());
  };
  const leave = (field: FormField) => {
    const found = values[field.name] ? check(field, values[field.name]!) : null;
    if (found) setWrong({ ...wrong, [field.name]: found });
  };
  const submit = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    const clean = Object.fromEntries(form.fields.map((f) => [f.name, tidy(f, values[f.name] ?? '')]));
    const found = Object.fromEntries(
      form.fields.flatMap((f) => {
        const what = check(f, clean[f.name]!);
        return what ? [[f.name, what]] : [];
      }),
    );
    if (Object.keys(found).length) return show(found);
    setBusy(true);
    setFailed('');
    const shown = form.fields.flatMap((f) =>
      clean[f.name] ? [{ label: f.label, text: masked(f, clean[f.name]!) }] : [],
    );
    const refusal = await chat.fill(form, clean, { id: form.id, fields: shown });
    if (!refusal) return close();
    setBusy(false);
    setFailed(refusal.text);
    if (refusal.field) show({ [refusal.field]: 'refused' });
  };

  return (
    <Sheet title={form.title} class="form" onClose={close} first="input, select, textarea">
      <button type="button" class="round corner" aria-label={t('close')} onClick={close}>
        <Icon name="close" size={20} />
      </button>
      <form ref={box} noValidate onSubmit={(e) => void submit(e)}>
        {form.fields.map((f) => (
          <Field key={f.name} field={f} value={values[f.name] ?? ''} wrong={wrong[f.name]} set={set} leave={leave} />
        ))}
        <p class="muted private">
          <Icon name="lock" size={15} />
          {t('form.private')}
        </p>
        {failed && (
          <p class="notice bad" role="alert">
            {failed}
          </p>
        )}
        <div class="actions">
          <button type="button" class="button" onClick={close}>
            {t('form.later')}
          </button>
          <button type="submit" class="button main" aria-disabled={busy}>
            {busy ? t('msg.sending') : form.submit}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

interface FieldProps {
  field: FormField;
  value: string;
  wrong?: Wrong;
  set: (name: string, value: string) => void;
  leave: (field: FormField) => void;
}

function Field({ field, value, wrong, set, leave }: FieldProps) {
  const id = `form-${field.name}`;
  const common = {
    id,
    name: field.name,
    'aria-required': field.required,
    'aria-invalid': !!wrong,
    'aria-describedby': wrong ? `${id}-wrong` : undefined,
    onBlur: () => leave(field),
  };
  const onInput = (e: { currentTarget: { value: string } }) => set(field.name, e.currentTarget.value);
  return (
    <div class={`line ${wrong ? 'wrong' : ''}`}>
      <label for={id}>
        {field.label}
        {!field.required && <small>{t('form.optional')}</small>}
      </label>
      {field.type === 'region' ? (
        <Region {...common} value={value} onValue={(to) => set(field.name, to)} />
      ) : field.type === 'textarea' ? (
        <textarea {...common} rows={3} value={value} autocomplete="off" onInput={onInput} />
      ) : (
        <input
          {...common}
          type={field.type === 'phone' ? 'tel' : 'text'}
          inputMode={field.type === 'phone' ? 'tel' : undefined}
          autocomplete={autofill(field)}
          enterkeyhint="next"
          value={value}
          onInput={onInput}
        />
      )}
      {wrong && (
        <p id={`${id}-wrong`} class="why-wrong" role="alert">
          {t(WORDS[wrong], { n: field.max })}
        </p>
      )}
    </div>
  );
}
