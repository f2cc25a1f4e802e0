// SPDX-License-Identifier: Apache-2.0
//
// What a shop writes becomes structure; what an attacker writes stays text. The list of attacks grows with
// every new one that is heard of.
import { describe, expect, it } from 'vitest';
import { inline, mdLite, safeHref, type Inline } from './md-lite.ts';

const flat = (text: string): Inline[] => mdLite(text).flatMap((b) => (b.t === 'p' ? b.lines.flat() : b.items.flat()));

describe('md-lite', () => {
  it.each([
    '收货信息：李**，139****5678，浙江省',
    '从「周** 138****0002」改成「张** 138****5678」',
    '****',
    'a ** b ** c',
  ])('leaves what is masked as it is: %s', (text) => {
    expect(mdLite(text)).toEqual([{ t: 'p', lines: [[{ t: 'text', text }]] }]);
  });

  it('makes bold what stands inside a sentence', () => {
    expect(mdLite('请在**今天**下单，李**')).toEqual([
      {
        t: 'p',
        lines: [
          [
            { t: 'text', text: '请在' },
            { t: 'bold', text: '今天' },
            { t: 'text', text: '下单，李**' },
          ],
        ],
      },
    ]);
  });

  it('makes paragraphs, lists, bold, code and links', () => {
    expect(mdLite('根据尺码表:\n1. 建议选 **2XL**\n2. 中雨可穿\n\n[查看](https://a.example/b) `10000 mm`')).toEqual([
      { t: 'p', lines: [[{ t: 'text', text: '根据尺码表:' }]] },
      {
        t: 'ol',
        start: 1,
        items: [
          [
            { t: 'text', text: '建议选 ' },
            { t: 'bold', text: '2XL' },
          ],
          [{ t: 'text', text: '中雨可穿' }],
        ],
      },
      {
        t: 'p',
        lines: [
          [
            { t: 'link', text: '查看', href: 'https://a.example/b' },
            { t: 'text', text: ' ' },
            { t: 'code', text: '10000 mm' },
          ],
        ],
      },
    ]);
  });

  it('keeps single line breaks and a list that starts at 3', () => {
    expect(mdLite('a\nb')).toHaveLength(1);
    expect(mdLite('3. c')[0]).toMatchObject({ t: 'ol', start: 3 });
    expect(mdLite('- x\n- y')[0]).toMatchObject({ t: 'ul' });
  });

  it('links a bare address without the punctuation behind it', () => {
    expect(inline('看 https://a.example/x?y=1。谢谢')).toEqual([
      { t: 'text', text: '看 ' },
      { t: 'link', text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
      { t: 'text', text: '。谢谢' },
    ]);
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '<svg/onload=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](\u0001javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:msgbox)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example)',
    '[x](/\\evil.example)',
    '[x](blob:https://a/1)',
    '[x](&#106;avascript:alert(1))',
    '[x](https:evil)',
    '![x](javascript:alert(1))',
    '[<img src=x onerror=alert(1)>](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
  ])('leaves %j as text', (attack) => {
    for (const node of flat(attack)) expect(node.t).toBe('text');
    expect(
      flat(attack)
        .map((n) => n.text)
        .join(''),
    ).toBe(attack);
  });

  it.each([
    ['https://a.example', true],
    ['http://a.example/', true],
    ['mailto:a@b.example', true],
    ['tel:+86400', true],
    ['/returns', true],
    ['returns', false],
    ['//a', false],
    ['https://', false],
    ['tel:javascript', false],
  ])('follows %j: %s', (href, yes) => expect(safeHref(href)).toBe(yes ? href : null));

  it('is quick on a hostile text', () => {
    const started = performance.now();
    mdLite('['.repeat(5000) + '**'.repeat(5000) + '`'.repeat(5001));
    mdLite('[a](' + 'x'.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
