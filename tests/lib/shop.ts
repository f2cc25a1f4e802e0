// SPDX-License-Identifier: Apache-2.0
//
// A data folder with shops of our own: what an operator does on the first day, through `xiaoer import`. It knows the
// secrets and invitations that the import prints once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, run } from './program.ts';

export const jsonl = (rows: object[]): string => rows.map((row) => JSON.stringify(row) + '\n').join('');

/** Imports rows, and gives the report. Throws when the import does. */
export function load(data: string, kind: string, rows: object[], ...more: string[]) {
  const done = run(['import', kind, '-', '--data', data, '--json', ...more], { input: jsonl(rows) });
  if (done.code !== 0) throw new Error(`import ${kind}: code ${done.code}\n${done.out}${done.err}`);
  return done.json as {
    rows: number;
    added: number;
    changed: number;
    refused: number;
    once: { line: number; text: string }[];
  };
}

export const shopRow = (id: string, more: object = {}) => ({
  id,
  name: `店铺${id}`,
  language: 'zh',
  currency: 'CNY',
  time_zone: 'Asia/Shanghai',
  self_operated: false,
  hours: '00:00-24:00',
  ...more,
});

export const personRow = (id: string, shop: string, roles: string[], more: object = {}) => ({
  id,
  shop,
  name: `同事${id}`,
  roles,
  skills: [{ skill: 'aftersale', level: 3 }],
  languages: ['zh'],
  time_zone: 'Asia/Shanghai',
  concurrency: 3,
  ...more,
});

export const productRow = (id: string, shop: string, more: object = {}) => ({
  id,
  shop,
  title: '轻量冲锋衣',
  category: '服饰/户外',
  price_cents: 45900,
  attributes: { 材质: '锦纶', 防水指数: '10000mm', 产地: '中国' },
  skus: [{ id: `${id}-BK-L`, attributes: { 颜色: '黑', 尺码: 'L' }, price_cents: 45900, stock: 12 }],
  size_chart: [{ 尺码: 'L', 身高cm: [170, 175], 体重kg: [62, 72] }],
  seven_day: 'yes',
  price_protect_days: 15,
  warranty_days: 365,
  aliases: ['冲锋衣'],
  ...more,
});

const ago = (hours: number) => new Date(Date.now() - hours * 3600_000).toISOString();

export const orderRow = (id: string, shop: string, buyer: string, more: object = {}) => ({
  id,
  shop,
  buyer,
  status: 'shipped',
  created_at: ago(60),
  paid_at: ago(59),
  shipped_at: ago(30),
  items: [{ sub_id: `${id}-1`, product: 'P1', sku: 'P1-BK-L', quantity: 1, paid_cents: 42900 }],
  freight_cents: 0,
  freight_insured: true,
  address: { name: '张三', phone: '13800001234', region: '浙江省/杭州市/西湖区', detail: '文三路 1 号' },
  parcels: [
    {
      carrier: '中通快递',
      carrier_phone: '95311',
      tracking_no: `ZT${id}`,
      events: [{ at: ago(3), kind: 'in_transit', place: '杭州', text: '快件已到达【杭州转运中心】' }],
    },
  ],
  ...more,
});

/** Makes a folder with the shops; secrets by shop, invitation codes by person. */
export function openShops(shops: object[], people: object[] = []) {
  const data = folder('shops');
  const secrets: Record<string, string> = {};
  for (const { text } of load(data, 'shops', shops).once) {
    const said = /^secret for signing buyers of (\S+): (\S+)$/.exec(text);
    if (said) secrets[said[1]!] = said[2]!;
  }
  const codes: Record<string, string> = {};
  if (people.length > 0)
    for (const { line, text } of load(data, 'people', people).once) {
      const said = /: (\S+)$/.exec(text);
      if (said) codes[(people[line - 1] as { id: string }).id] = said[1]!;
    }
  return { data, secrets, codes };
}

/** A file in a folder of its own. */
export function file(name: string, content: string | Buffer): string {
  const path = join(folder('file'), name);
  writeFileSync(path, content);
  return path;
}
