// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import zh from './zh-CN.json';

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
const words = { zh: new Map(flat(zh)), en: new Map(flat(en)) };
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((hole) => hole[1]).sort();

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('test'))
  .map((name) => readFileSync(join(source, name), 'utf8'));

describe('the two languages', () => {
  it('have the same keys', () => expect([...words.en.keys()]).toEqual([...words.zh.keys()]));
  it('have no empty text', () =>
    expect([...words.zh, ...words.en].filter(([, text]) => text.trim() === '')).toEqual([]));
  it('fill in the same values', () =>
    expect([...words.zh].filter(([key, text]) => holes(text).join() !== holes(words.en.get(key)!).join())).toEqual([]));
});

describe('the words in use', () => {
  const used = new Set(files.flatMap((text) => [...text.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((hit) => hit[1]!)));
  /** Keys that are put together while running: `t(`status.${…}`)`. */
  const starts = new Set(files.flatMap((text) => [...text.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)].map((hit) => hit[1]!)));

  it('are all there', () => expect([...used].filter((key) => !words.zh.has(key))).toEqual([]));
  it('are all used', () => {
    const quoted = new Set(
      files.flatMap((text) => [...text.matchAll(/'([\w-]+(?:\.[\w-]+)+)'/g)].map((hit) => hit[1]!)),
    );
    const idle = [...words.zh.keys()].filter(
      (key) => !quoted.has(key) && ![...starts].some((start) => key.startsWith(start)),
    );
    expect(idle).toEqual([]);
  });
});
