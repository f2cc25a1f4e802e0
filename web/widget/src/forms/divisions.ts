// SPDX-License-Identifier: Apache-2.0
//
// The divisions of China, from the same list that the server understands places by (packs/zh/lexicon/regions.tsv, less its
// everyday names: vite.config.ts).
import text from 'virtual:divisions';

export interface Division {
  name: string;
  parts: Division[];
}

/** Lines of "p 浙江省", "c 杭州市", "d 西湖区", each under the one before. */
export function divisions(lines: string = text): Division[] {
  const all: Division[] = [];
  for (const line of lines.split('\n')) {
    const one: Division = { name: line.slice(1), parts: [] };
    const province = all[all.length - 1];
    const city = province?.parts[province.parts.length - 1];
    if (line[0] === 'p') all.push(one);
    else if (line[0] === 'c') province?.parts.push(one);
    else if (line[0] === 'd') city?.parts.push(one);
  }
  return all;
}
