// SPDX-License-Identifier: Apache-2.0
//
// What fits into a field of a form, and how it is shown afterwards: the same rules as src/chat/form.c, which has the last word.
import type { FormField } from '@xiaoer/protocol';

export type Wrong = 'missing' | 'long' | 'phone' | 'region' | 'refused';

/** A phone number without what people put between its digits; digits of a Chinese keyboard are digits. */
function phone(text: string): string {
  return text
    .replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/(?!^)\+/g, 'x')
    .replace(/[ \-()]/g, '');
}

export function tidy(field: FormField, value: string): string {
  const text = value.trim();
  if (field.type === 'phone') return phone(text);
  if (field.type === 'region')
    return text
      .split('/')
      .map((part) => part.trim())
      .filter(Boolean)
      .join('/');
  return text;
}

export function check(field: FormField, value: string): Wrong | null {
  const text = tidy(field, value);
  if (!text) return field.required ? (field.type === 'region' && value.trim() ? 'region' : 'missing') : null;
  if ([...text].length > field.max) return 'long';
  if (field.type === 'phone' && !/^\+?\d{7,15}$/.test(text)) return 'phone';
  return null;
}

/** As it is kept: enough to see that it was the right one. */
export function masked(field: FormField, text: string): string {
  const letters = [...text];
  if (field.type === 'region') return text;
  if (field.type === 'name') return `${letters[0]}**`;
  if (field.type === 'phone') return text.length < 8 ? '****' : `${text.slice(0, 3)}****${text.slice(-4)}`;
  return letters.length < 6 ? '****' : `${letters.slice(0, 2).join('')}****`;
}
