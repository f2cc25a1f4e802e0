// SPDX-License-Identifier: Apache-2.0
//
// The words that a buyer may tick under a rating, and the reasons under a thumb down. Codes are stored and
// counted; words are shown. A code is never reused for another meaning.

export type Lang = 'zh-CN' | 'en';

export const RATING_TAGS = {
  fast: { 'zh-CN': '响应迅速', en: 'Quick reply' },
  friendly: { 'zh-CN': '态度友好', en: 'Friendly' },
  skilled: { 'zh-CN': '专业耐心', en: 'Knows the matter' },
  helpful: { 'zh-CN': '解决问题', en: 'Solved it' },
  slow: { 'zh-CN': '回复太慢', en: 'Slow reply' },
  unfriendly: { 'zh-CN': '态度不好', en: 'Unfriendly' },
  beside: { 'zh-CN': '答非所问', en: 'Beside the point' },
  unsolved: { 'zh-CN': '没有解决', en: 'Not solved' },
  hard_to_reach: { 'zh-CN': '找人工太难', en: 'Hard to reach a person' },
} as const satisfies Record<string, Record<Lang, string>>;

export type RatingTag = keyof typeof RATING_TAGS;

const GOOD: RatingTag[] = ['fast', 'friendly', 'skilled', 'helpful'];
const BAD: RatingTag[] = ['slow', 'unfriendly', 'beside', 'unsolved', 'hard_to_reach'];

/** Which tags are offered under how many stars: praise at 4 and 5, both at 3, complaints below. */
export function ratingTags(stars: number): RatingTag[] {
  if (stars >= 4) return GOOD;
  return stars === 3 ? ['friendly', 'fast', 'slow', 'beside', 'unsolved'] : BAD;
}

export const UNHELPFUL = {
  beside: { 'zh-CN': '答非所问', en: 'Beside the point' },
  wrong: { 'zh-CN': '内容不对', en: 'Wrong' },
  unclear: { 'zh-CN': '看不明白', en: 'Unclear' },
} as const satisfies Record<string, Record<Lang, string>>;
export type Unhelpful = keyof typeof UNHELPFUL;
