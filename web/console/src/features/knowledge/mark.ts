// SPDX-License-Identifier: Apache-2.0
//
// Marks of the little Markdown put around what is selected. Pure: a text and a selection in, both out.

export type Mark = 'bold' | 'list' | 'link';
export interface Marked {
  text: string;
  from: number;
  to: number;
}

/** `words` stand in where nothing is selected. */
export function marked(text: string, from: number, to: number, mark: Mark, words: string): Marked {
  if (mark === 'list') return listed(text, from, to);
  const inner = text.slice(from, to) || words;
  const [open, close] = mark === 'bold' ? ['**', '**'] : ['[', '](https://)'];
  const start = from + open.length;
  return {
    text: text.slice(0, from) + open + inner + close + text.slice(to),
    from: mark === 'link' && to > from ? start + inner.length + 2 : start,
    to: mark === 'link' && to > from ? start + inner.length + 2 + 'https://'.length : start + inner.length,
  };
}

/** The selected lines become a list; lines that are one already, plain lines. */
function listed(text: string, from: number, to: number): Marked {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const found = text.indexOf('\n', to);
  const end = found < 0 ? text.length : found;
  const lines = text.slice(start, end).split('\n');
  const isList = lines.every((line) => line.startsWith('- '));
  const made = lines.map((line) => (isList ? line.slice(2) : `- ${line}`)).join('\n');
  return { text: text.slice(0, start) + made + text.slice(end), from: start, to: start + made.length };
}
