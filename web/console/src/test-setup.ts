// SPDX-License-Identifier: Apache-2.0
//
// What every test of the console starts from: Chinese words, an empty desk, an empty browser store, and the few
// browser parts that happy-dom lacks.
import { cleanup } from '@testing-library/react';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { afterEach, beforeAll, vi } from 'vitest';
import { usePreferences } from './app/preferences.ts';
import zh from './i18n/zh-CN.json';
import { useLive } from './live/store.ts';

vi.stubGlobal(
  'matchMedia',
  vi.fn((query: string) => ({
    matches: query.includes('min-width'),
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  })),
);

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
});

afterEach(() => {
  cleanup();
  useLive.getState().clear();
  usePreferences.getState().forgetDrafts();
  usePreferences.getState().set({ sendKey: 'enter', shortcuts: true });
});
