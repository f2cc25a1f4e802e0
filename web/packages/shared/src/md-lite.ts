// SPDX-License-Identifier: Apache-2.0
//
// The little Markdown that an answer needs: paragraphs, lists, **bold**, `code`, links. It makes a tree, never
// HTML, so there is nothing that could be injected: what is not understood stays the text that it was.
// Always true: a link's address starts with https:, http:, mailto:, tel: or a single slash.

export type Inline = { t: 'text' | 'bold' | 'code'; text: string } | { t: 'link'; text: string; href: string };
export type Block = { t: 'p'; lines: Inline[][] } | { t: 'ul' | 'ol'; items: Inline[][]; start: number };

// A masked name or number is full of asterisks (李**，138****1234): three and more are none of ours, and what is bold begins with
// what can be bold.
const INLINE =
  /\*{3,}|\*\*(?![\s，。；：、！？）,.;:!?)])([^*\n]*[^*\s])\*\*(?!\*)|`([^`\n]+)`|\[([^\]\n]{1,200})\]\(([^()\s]{1,2000})\)|(https?:\/\/[^\s<>"'，。；！？、（）【】《》]+[^\s<>"'，。；！？、（）【】《》.,;:!?)\]])/g;
const SAFE = /^(?:https?:\/\/[^/]|mailto:[^/]|tel:[+\d]|\/(?![/\\]))/i;
const ITEM = /^\s{0,3}(?:[-*•]|(\d{1,3})[.、)])\s+(.*)$/;

/** The address if it is one that we follow, else null. Control characters could hide a scheme: none are allowed. */
export function safeHref(raw: string): string | null {
  return !/[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202f\ufeff]/.test(raw) && SAFE.test(raw) ? raw : null;
}

export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const m of text.matchAll(INLINE)) {
    const [whole, bold, code, label, target, bare] = m;
    const href = safeHref(target ?? bare ?? '');
    if ((target !== undefined || bare !== undefined) && !href) continue;
    if (whole.startsWith('***')) continue;
    if (m.index > from) out.push({ t: 'text', text: text.slice(from, m.index) });
    if (bold !== undefined) out.push({ t: 'bold', text: bold });
    else if (code !== undefined) out.push({ t: 'code', text: code });
    else out.push({ t: 'link', text: label ?? bare ?? '', href: href! });
    from = m.index + whole.length;
  }
  if (from < text.length) out.push({ t: 'text', text: text.slice(from) });
  return out;
}

export function mdLite(text: string): Block[] {
  const blocks: Block[] = [];
  let open = true; // whether the last block may grow
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const item = ITEM.exec(line);
    const t = item ? (item[1] ? 'ol' : 'ul') : line.trim() ? 'p' : null;
    if (!t) {
      open = false;
      continue;
    }
    let block = blocks[blocks.length - 1];
    if (!block || !open || block.t !== t) {
      block = t === 'p' ? { t, lines: [] } : { t, items: [], start: Number(item?.[1] ?? 1) };
      blocks.push(block);
    }
    (block.t === 'p' ? block.lines : block.items).push(inline(item ? item[2]! : line));
    open = true;
  }
  return blocks;
}
