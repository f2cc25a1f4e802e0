// SPDX-License-Identifier: Apache-2.0
//
// The console's words. zh-CN.json is the source and always there; en.json comes when somebody asks for it. Both
// have the same keys, which a test holds. The page's `lang` follows, and so do the server's sentences.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { askInLanguage } from '../api/http.ts';
import { usePreferences, type Language } from '../app/preferences.ts';
import zh from './zh-CN.json';

export const LANGUAGES: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' };

export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
  });
  await speak(usePreferences.getState().language);
}

export async function speak(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const en = await import('./en.json');
    i18next.addResourceBundle('en', 'translation', en.default);
  }
  askInLanguage(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  usePreferences.getState().set({ language });
}
