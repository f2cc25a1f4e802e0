// SPDX-License-Identifier: Apache-2.0
//
// Headless Chromium of the system, with a profile of its own each time; what a page complains about is kept, and
// pictures are taken for the docs.
import { AxeBuilder } from '@axe-core/playwright';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ROOT } from './program.ts';

const PROGRAMS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PICTURES = join(ROOT, process.env.SCREENSHOTS === '1' ? 'docs/screenshots' : 'tests/screenshots');

export function launch(): Promise<Browser> {
  const executablePath = PROGRAMS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: install the package chromium, or name the program with CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Screen {
  page: Page;
  /** What the page said on its console as an error, and what it threw. */
  complaints: string[];
  close(): Promise<void>;
}

export async function screen(browser: Browser, options: BrowserContextOptions = {}): Promise<Screen> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('dialog', (d) => {
    complaints.push(`a dialog: ${d.message()}`);
    void d.dismiss();
  });
  return { page, complaints, close: () => context.close() };
}

/** axe finds nothing, in the page and in its frames. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    (v) =>
      `${v.id} (${v.impact}): ${v.help}\n  ${v.nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary?.replaceAll('\n', ' ')}`).join('\n  ')}`,
  );
  expect(told, `axe on ${state}`).toEqual([]);
}

/** Nothing sticks out to the side. */
export async function expectFits(page: Page, state: string): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, `${state} scrolls sideways`).toBeLessThanOrEqual(window!);
}

type Clip = { x: number; y: number; width: number; height: number };

export async function picture(page: Page, name: string, clip?: Clip): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: join(PICTURES, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
    ...(clip ? { clip } : {}),
  });
}
