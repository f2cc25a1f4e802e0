// SPDX-License-Identifier: Apache-2.0
//
// Three builds of one workspace, by mode: the app in the iframe (/widget/), the loader that a merchant's page
// takes in (/widget/cs.js, one file without imports, its name never changes), and the demo shop (/demo/).
// The app is built first: it empties the folder that the loader is then put into.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Frames in tests stay empty: no page is fetched.
const environmentOptions = {
  happyDOM: { settings: { disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true } },
};
/** The divisions of China as the server knows them, without their everyday names and remarks. */
const divisions = {
  name: 'divisions',
  resolveId: (id: string) => (id === 'virtual:divisions' ? '\0divisions' : null),
  load(id: string) {
    if (id !== '\0divisions') return null;
    const lines = readFileSync(here('../../packs/zh/lexicon/regions.tsv'), 'utf8').split('\n');
    const kept = lines.flatMap((line) => {
      const [level, name] = line.split('\t');
      return /^[pcd]$/.test(level!) && name ? [`${level}${name}`] : [];
    });
    return `export default ${JSON.stringify(kept.join('\n'))}`;
  },
};
const oxc = { jsx: { runtime: 'automatic' as const, importSource: 'preact' } };

export default defineConfig(({ mode }) => {
  if (mode === 'loader')
    return {
      root: here('.'),
      publicDir: false,
      build: {
        outDir: here('../dist/widget'),
        emptyOutDir: false,
        target: 'es2021',
        lib: { entry: here('src/loader.ts'), formats: ['iife'], name: 'XiaoerLoader', fileName: () => 'cs.js' },
      },
    };
  if (mode === 'demo')
    return { root: here('demo'), base: '/demo/', oxc, build: { outDir: here('../dist/demo'), emptyOutDir: true } };
  return {
    root: here('.'),
    base: '/widget/',
    oxc,
    plugins: [divisions],
    build: { outDir: here('../dist/widget'), emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
    test: { name: 'widget', environment: 'happy-dom', environmentOptions, include: ['src/**/*.test.{ts,tsx}'] },
  };
});
