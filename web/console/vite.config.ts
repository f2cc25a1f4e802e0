// SPDX-License-Identifier: Apache-2.0
//
// How the console is built and tested. It is served under /console/ by the program itself, which answers every
// unknown path below it with index.html. The page's policy is `default-src 'self'`: nothing here may produce an
// inline script, a data: font or an eval.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': { target: process.env.XIAOER ?? 'http://127.0.0.1:8080', ws: true } } },
  test: {
    name: 'console',
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
  },
});
