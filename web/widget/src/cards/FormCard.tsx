// SPDX-License-Identifier: Apache-2.0
//
// A form in the stream: what it asks for and a button that opens it; and what was filled in, masked, as it is kept.
import type { FormAnswer } from '@xiaoer/protocol';
import type { State } from '../chat.ts';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { filled, type Item } from '../stream/items.ts';

export function FormCard({ item, at, items, state }: { item: Item; at: number; items: Item[]; state: State }) {
  const chat = useChat();
  const form = item.message.form!;
  const { conversation } = state;
  const answered = filled(items, at) !== null;
  const open =
    item.message.conversation === conversation?.id &&
    ['bot', 'queue'].includes(conversation?.handler ?? '') &&
    !answered;
  return (
    <section class="card ask-form" aria-label={form.title}>
      <h2>
        <Icon name="form" size={18} />
        {form.title}
      </h2>
      <p>{form.fields.map((f) => f.label).join(t('form.comma'))}</p>
      <button type="button" class="button main" disabled={!open} onClick={() => chat.openForm(form)}>
        {answered && <Icon name="check" size={16} />}
        {t(answered ? 'form.done' : open ? 'form.fill' : 'form.closed')}
      </button>
    </section>
  );
}

export function FormAnswerView({ answer }: { answer: FormAnswer }) {
  return (
    <dl class="card answer">
      {answer.fields.map((f) => (
        <div key={f.label}>
          <dt>{f.label}</dt>
          <dd>{f.text}</dd>
        </div>
      ))}
    </dl>
  );
}
