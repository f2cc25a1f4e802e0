// SPDX-License-Identifier: Apache-2.0
//
// A message's text as elements: the shared little Markdown for what the bot and agents write, plain lines for
// what a buyer wrote. Nothing here makes HTML from text.
import { mdLite, type Inline } from '@xiaoer/shared/md-lite';
import { Fragment, memo } from 'react';

export const Rich = memo(function Rich({ text, plain = false }: { text: string; plain?: boolean }) {
  if (plain) return <p className="plain">{text}</p>;
  return (
    <>
      {mdLite(text).map((block, at) => {
        if (block.t === 'p') {
          return (
            <p key={at}>
              {block.lines.map((line, row) => (
                <Fragment key={row}>
                  {row > 0 && <br />}
                  <Words line={line} />
                </Fragment>
              ))}
            </p>
          );
        }
        const List = block.t;
        return (
          <List key={at} start={block.t === 'ol' ? block.start : undefined}>
            {block.items.map((item, row) => (
              <li key={row}>
                <Words line={item} />
              </li>
            ))}
          </List>
        );
      })}
    </>
  );
});

function Words({ line }: { line: Inline[] }) {
  return line.map((part, at) => {
    if (part.t === 'bold') return <strong key={at}>{part.text}</strong>;
    if (part.t === 'code') return <code key={at}>{part.text}</code>;
    if (part.t !== 'link') return <Fragment key={at}>{part.text}</Fragment>;
    return (
      <a key={at} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    );
  });
}
