// SPDX-License-Identifier: Apache-2.0
//
// The tree of md-lite as nodes. No HTML string is ever made.
import type { JSX } from 'preact';
import { mdLite, type Inline } from '@xiaoer/shared/md-lite';

function spans(line: Inline[]): JSX.Element[] {
  return line.map((n, i) => {
    if (n.t === 'bold') return <strong key={i}>{n.text}</strong>;
    if (n.t === 'code') return <code key={i}>{n.text}</code>;
    if (n.t === 'link')
      return (
        <a key={i} href={n.href} target="_blank" rel="noopener noreferrer nofollow">
          {n.text}
        </a>
      );
    return <span key={i}>{n.text}</span>;
  });
}

export function Markdown({ text }: { text: string }) {
  return (
    <>
      {mdLite(text).map((block, i) => {
        if (block.t === 'p')
          return (
            <p key={i}>
              {block.lines.map((line, j) => (
                <span key={j}>
                  {j > 0 && <br />}
                  {spans(line)}
                </span>
              ))}
            </p>
          );
        const items = block.items.map((line, j) => <li key={j}>{spans(line)}</li>);
        return block.t === 'ol' ? (
          <ol key={i} start={block.start}>
            {items}
          </ol>
        ) : (
          <ul key={i}>{items}</ul>
        );
      })}
    </>
  );
}
