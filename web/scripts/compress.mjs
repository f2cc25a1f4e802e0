// SPDX-License-Identifier: Apache-2.0
//
// Packs what was built, once, so that the server never has to: it hands out `name.gz` to whoever takes gzip.
// Files that would not get smaller, or are smaller than a packet anyway, are left alone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const PACKED = /\.(?:js|css|html|svg|json)$/;
const ONE_PACKET = 1200;

function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (path.endsWith('.gz')) rmSync(path);
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isFile() || !PACKED.test(path)) continue;
    const plain = readFileSync(path);
    const packed = gzipSync(plain, { level: 9 });
    if (plain.length > ONE_PACKET && packed.length < plain.length * 0.9) writeFileSync(`${path}.gz`, packed);
  }
}

walk(fileURLToPath(new URL('../dist/', import.meta.url)));
