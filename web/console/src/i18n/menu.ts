// SPDX-License-Identifier: Apache-2.0
//
// The choice of a language as antd's menus want it.
import type { MenuProps } from 'antd';
import type { Language } from '../app/preferences.ts';
import { LANGUAGES, speak } from './index.ts';

export function languageMenu(language: Language): MenuProps {
  return {
    selectedKeys: [language],
    items: Object.entries(LANGUAGES).map(([key, label]) => ({ key, label })),
    onClick: ({ key }) => void speak(key as Language),
  };
}
