// SPDX-License-Identifier: Apache-2.0
//
// The promise about size, kept by the build: what a buyer's phone and an agent's desk must fetch first, gzipped.
// First load is what index.html names: its scripts, their static imports, its styles. Over the budget, it fails.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const KB = 1024;
const budgets = [
  { name: 'loader cs.js', most: 3 * KB, files: () => ['widget/cs.js'] },
  { name: 'widget first load', most: 35 * KB, files: () => firstLoad('widget') },
  { name: 'console first load', most: 420 * KB, files: () => firstLoad('console') },
];

/** index.html's own scripts and styles, and what those scripts import without waiting. */
function firstLoad(app) {
  const html = readFileSync(join(dist, app, 'index.html'), 'utf8');
  const found = new Set();
  const take = (file) => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith('.js')) return;
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, path] of text.matchAll(
      /(?:^|[;}])\s*(?:import|export)\s*(?:[\w$*{},\s]+?\s*from\s*)?["'](\.[^"']+\.js)["']/g,
    ))
      take(normalize(join(dirname(file), path)));
  };
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
    const inside = path.startsWith(`/${app}/`) ? path.slice(app.length + 2) : path.replace(/^\.?\//, '');
    take(join(app, inside));
  }
  return [...found];
}

let over = 0;
for (const { name, most, files } of budgets) {
  if (!existsSync(join(dist, name.startsWith('loader') ? 'widget/cs.js' : `${name.split(' ')[0]}/index.html`))) {
    console.log(`  --  ${name}: not built`);
    continue;
  }
  const list = files();
  const size = list.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
  if (size > most) over++;
  const of = `${(size / KB).toFixed(2)} of ${(most / KB).toFixed(0)} KB gzip, ${list.length} file${list.length > 1 ? 's' : ''}`;
  console.log(`${size > most ? 'OVER' : '  ok'}  ${name}: ${of}`);
}
process.exitCode = over ? 1 : 0;
