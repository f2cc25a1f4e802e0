// SPDX-License-Identifier: Apache-2.0
//
// Numbers as people of this screen's language write them.
import { useTranslation } from 'react-i18next';

export function useFigures() {
  const { language } = useTranslation().i18n;
  const unit = (bytes: number) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1e6);
  return {
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    /** Of a part of one: 0.0588 is "5.9%". */
    percent: (part: number, digits = 0) =>
      new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(part),
    seconds: (value: number) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit: 'second',
        unitDisplay: 'narrow',
        maximumFractionDigits: 1,
      }).format(value),
    bytes: unit,
  };
}
