// SPDX-License-Identifier: Apache-2.0
//
// One `vitest run` for every workspace. Each app keeps its own Vite configuration (the widget compiles JSX
// to Preact, the console to React), so a project here is only the name of a folder that has one.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const has = (folder: string) => existsSync(fileURLToPath(new URL(`./${folder}/vite.config.ts`, import.meta.url)));

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'packages', root: './packages', include: ['*/src/**/*.test.ts'], environment: 'node' } },
      ...['widget', 'console'].filter(has).map((folder) => `./${folder}/vite.config.ts`),
    ],
  },
});
