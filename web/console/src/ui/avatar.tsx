// SPDX-License-Identifier: Apache-2.0
//
// A person as a coloured disc with the first letter of the name, or a colleague's last two characters where the name
// is Chinese (as people there are used to; one of them alone may look like a sign: 一). The colour comes from the id,
// so the same buyer looks the same everywhere; it carries no meaning, and the name always stands beside it.
const HUES = [12, 38, 84, 140, 172, 204, 232, 268, 304, 338];

export function hueOf(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return HUES[sum % HUES.length]!;
}

const HAN = /^\p{Script=Han}+$/u;

export function initialsOf(name: string, colleague: boolean): string {
  const letters = [...name.trim()];
  if (colleague && HAN.test(name.trim())) return letters.slice(-2).join('');
  return letters[0]?.toUpperCase() ?? '?';
}

export function Avatar({
  id,
  name,
  size = 36,
  tone = 'soft',
}: {
  id: string;
  name: string;
  size?: number;
  tone?: 'soft' | 'bot' | 'note' | 'agent';
}) {
  const hue = hueOf(id);
  const text = tone === 'bot' ? 'AI' : initialsOf(name, tone === 'agent' || tone === 'note');
  const soft = { background: `linear-gradient(135deg, hsl(${hue} 62% 84%), hsl(${hue + 40} 58% 80%))` };
  return (
    <span
      className={`avatar avatar-${tone}`}
      style={{
        width: size,
        height: size,
        fontSize: size * (text.length > 1 ? 0.36 : 0.42),
        ...(tone === 'soft' ? soft : {}),
      }}
      aria-hidden="true"
    >
      {text}
    </span>
  );
}
