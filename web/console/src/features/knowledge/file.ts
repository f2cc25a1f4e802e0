// SPDX-License-Identifier: Apache-2.0
//
// A file or a pasted text before it is sent: its letters, its form, the line that a refusal speaks of. Pure.

export type Format = 'jsonl' | 'csv' | 'tsv';

/** Spreadsheets in China write GBK unless told otherwise: what is no UTF-8 is read as that. */
export function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** By the name's ending, else by how the text begins. */
export function formatOf(text: string, name = ''): Format {
  const ending = /\.(\w+)$/.exec(name.toLowerCase())?.[1];
  if (ending === 'csv') return 'csv';
  if (ending === 'tsv') return 'tsv';
  if (ending === 'jsonl' || ending === 'ndjson' || ending === 'json') return 'jsonl';
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  if (first.startsWith('{')) return 'jsonl';
  return first.includes('\t') ? 'tsv' : 'csv';
}

/** Entries that are saved as one JSON array come as one object a line. */
export function asLines(text: string): string {
  if (!text.trimStart().startsWith('[')) return text;
  try {
    const rows = JSON.parse(text) as unknown;
    return Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).join('\n') : text;
  } catch {
    return text;
  }
}

const MOST_SHOWN = 80;
/** What stands on a line, short: so that a person recognises the row. */
export function lineOf(text: string, line: number): string {
  const found = (text.split('\n', line)[line - 1] ?? '').trim();
  return found.length > MOST_SHOWN ? `${found.slice(0, MOST_SHOWN)}…` : found;
}

/** The server takes so much at once. */
export const MOST_BYTES = 900 * 1024;
export const bytesOf = (text: string) => new TextEncoder().encode(text).length;
