// SPDX-License-Identifier: Apache-2.0
//
// Money as people read it. The wire carries integer minor units and an ISO 4217 code; only here do they become
// a decimal number, with as many digits as that currency has (yen none, yuan two, dinar three).

const formats = new Map<string, Intl.NumberFormat>();

/** 45900, "CNY" → "¥459.00". An unknown code is shown as it is rather than hidden. */
export function money(cents: number, currency: string, locale: string): string {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    } catch {
      return `${(cents / 100).toFixed(2)} ${currency}`;
    }
    formats.set(key, format);
  }
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(cents / 10 ** digits);
}
