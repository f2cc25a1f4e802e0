// SPDX-License-Identifier: Apache-2.0
//
// The sentences with which the server refuses a row or an entry, as keys of this screen's own words. What is not
// known here is shown as the server said it: better a foreign sentence than none.

const KNOWN: readonly [RegExp, string, ...string[]][] = [
  [/^"(.+)" is missing$/, 'missing', 'field'],
  [/^"(.+)" is empty$/, 'empty', 'field'],
  [/^"(.+)" must be text$/, 'noText', 'field'],
  [/^"(.+)" has (\d+) characters; at most (\d+) are allowed$/, 'long', 'field', 'count', 'most'],
  [/^"(.+)" must be a time with an offset/, 'noTime', 'field'],
  [/^"(.+)" must be one of (.+)$/, 'noChoice', 'field', 'list'],
  [/^"(.+)" must be an array of texts$/, 'noTexts', 'field'],
  [/^"(.+)" must hold texts of at most (\d+) characters; number (\d+) is none$/, 'noTextOf', 'field', 'most', 'nth'],
  [/^"(.+)" must be true or false$/, 'noFlag', 'field'],
  [/^"(.+)" must be an object$/, 'noObject', 'field'],
  [/^unknown field "(.+)"$/, 'unknown', 'field'],
  [/^"similar" has more than (\d+) questions$/, 'manySimilar', 'most'],
  [/^"valid_to" is not after "valid_from"$/, 'daysTurned'],
  [/^"override" is for layer shop only$/, 'override'],
  [/^conditions: no order status "(.+)"$/, 'noStatus', 'value'],
  [/^conditions: "(.+)" has more than (\d+) values$/, 'manyValues', 'field', 'most'],
  [/^conditions: "(.+)" must be one of/, 'noCondition', 'field'],
  [/^"shop" names another shop$/, 'otherShop'],
  [/^the same (?:.+) as on line (\d+)$/, 'twice', 'line'],
  [/^not JSON/, 'noJson'],
  [/^this is no JSON object$/, 'noJson'],
  [/^the line is not UTF-8$/, 'noUtf8'],
  [/^the line is longer than/, 'lineLong'],
  [/^a quote is opened and not closed$/, 'quote'],
  [/^the line has more cells than the (\d+) columns$/, 'cells', 'columns'],
  [/^line 1 must name the columns; "(.*)" is none/, 'columns', 'field'],
  [/^more than (\d+) rows/, 'rows', 'most'],
  [/^the text is empty$/, 'nothing'],
];

export interface Refusal {
  key: string;
  values: Record<string, string>;
}

/** The key below `refusal.` and what to fill in; null for a sentence that is not known. */
export function refusalOf(text: string): Refusal | null {
  for (const [pattern, key, ...names] of KNOWN) {
    const hit = pattern.exec(text);
    if (hit) return { key, values: Object.fromEntries(names.map((name, nth) => [name, hit[nth + 1] ?? ''])) };
  }
  return null;
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

export function refusalText(text: string, t: Translate): string {
  const known = refusalOf(text);
  if (known === null) return text;
  const { field, ...values } = known.values;
  const named = field === undefined ? {} : { field: t(`field.${field}`, { defaultValue: field }) };
  return t(`refusal.${known.key}`, { ...values, ...named });
}
