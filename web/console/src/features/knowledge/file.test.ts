// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import zh from '../../i18n/zh-CN.json';
import { asLines, decode, formatOf, lineOf } from './file.ts';
import { marked } from './mark.ts';
import { refusalOf, refusalText } from './refusals.ts';

describe('a file', () => {
  it('is UTF-8', () => expect(decode(new TextEncoder().encode('发什么快递').buffer as ArrayBuffer)).toBe('发什么快递'));
  it('or what spreadsheets in China write', () =>
    expect(decode(new Uint8Array([0xb7, 0xa2, 0xbf, 0xec, 0xb5, 0xdd]).buffer)).toBe('发快递'));
  it.each([
    ['a,b\n', 'x.csv', 'csv'],
    ['a\tb', 'x.TSV', 'tsv'],
    ['{"id":1}', '', 'jsonl'],
    ['a\tb\n1\t2', '', 'tsv'],
    ['a,b\n1\t2', 'x.txt', 'csv'],
    ['{"id":1}', 'x.json', 'jsonl'],
  ])('“%s” of %s is %s', (text, name, format) => expect(formatOf(text, name)).toBe(format));
  it('that is one array is taken line by line', () => {
    expect(asLines(' [{"id":"a"},{"id":"b"}]')).toBe('{"id":"a"}\n{"id":"b"}');
    expect(asLines('[broken')).toBe('[broken');
  });
  it('shows the line that is meant', () => {
    expect(lineOf('a\nb\r\nc', 2)).toBe('b');
    expect(lineOf('a', 9)).toBe('');
    expect(lineOf('x'.repeat(200), 1)).toHaveLength(81);
  });
});

describe('refusals', () => {
  it.each([
    ['"question" is missing', 'missing', { field: 'question' }],
    [
      '"answer" has 5001 characters; at most 5000 are allowed',
      'long',
      { field: 'answer', count: '5001', most: '5000' },
    ],
    ['"valid_to" is not after "valid_from"', 'daysTurned', {}],
    ['the same id as on line 3', 'twice', { line: '3' }],
    ['conditions: no order status "gone"', 'noStatus', { value: 'gone' }],
    ['not JSON, column 6: unexpected token', 'noJson', {}],
  ])('%s', (text, key, values) => expect(refusalOf(text)).toEqual({ key, values }));
  it('that nobody knows are shown as they came', () =>
    expect(refusalText('some fault', (key) => key)).toBe('some fault'));
  it('name the field as the screen does', () =>
    expect(refusalText('"question" is empty', (key, values) => `${key} ${values?.field ?? ''}`)).toBe(
      'refusal.empty field.question ',
    ));
  it('have words for every field', () => expect(Object.keys(zh.field)).toContain('question'));
});

describe('marks', () => {
  it('make bold what is selected', () =>
    expect(marked('满三百减四十', 3, 6, 'bold', 'x')).toEqual({ text: '满三百**减四十**', from: 5, to: 8 }));
  it('put words where nothing is selected', () => expect(marked('a', 1, 1, 'bold', '文字').text).toBe('a**文字**'));
  it('ask for the address of a link', () => {
    const made = marked('看说明', 1, 3, 'link', 'x');
    expect(made.text).toBe('看[说明](https://)');
    expect(made.text.slice(made.from, made.to)).toBe('https://');
  });
  it('make lines a list, and plain again', () => {
    const made = marked('头\n一\n二', 4, 5, 'list', 'x');
    expect(made.text).toBe('头\n一\n- 二');
    expect(marked('- 一\n- 二', 0, 7, 'list', 'x').text).toBe('一\n二');
  });
});
