// SPDX-License-Identifier: Apache-2.0
//
// One window at a time receives. Two windows of one person would ring twice and answer twice, so a window that
// opens asks the others; if one is already receiving, the person chooses. Windows talk over a BroadcastChannel,
// which stays within this browser and origin.
//
// Always true: after `claim`, every other window has stopped.
export type Claim = 'asking' | 'here' | 'elsewhere';
type Word = { say: 'anyone?' | 'here' | 'mine'; from: string };

const ANSWER_WITHIN_MS = 250;

export function claimWindow(person: string, onChange: (claim: Claim) => void): { claim(): void; leave(): void } {
  if (typeof BroadcastChannel === 'undefined') {
    onChange('here');
    return { claim: () => {}, leave: () => {} };
  }

  const me = `${Date.now()}-${Math.random()}`;
  const channel = new BroadcastChannel(`xiaoer-console-${person}`);
  let state: Claim = 'asking';
  const set = (next: Claim) => onChange((state = next));
  const tell = (say: Word['say']) => channel.postMessage({ say, from: me } satisfies Word);

  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.from === me) return;
    if (data.say === 'anyone?' && state === 'here') tell('here');
    else if (data.say === 'here' && state === 'asking') set('elsewhere');
    else if (data.say === 'mine' && state !== 'elsewhere') set('elsewhere');
  };

  tell('anyone?');
  const timer = setTimeout(() => state === 'asking' && set('here'), ANSWER_WITHIN_MS);

  return {
    claim: () => {
      tell('mine');
      set('here');
    },
    leave: () => {
      clearTimeout(timer);
      channel.close();
    },
  };
}
