// SPDX-License-Identifier: Apache-2.0
//
// Calling an agent who looks elsewhere: a short tone, a flashing title, a desktop notification. Each can be
// refused, by the person or by the browser, without the others suffering.
import { usePreferences } from './preferences.ts';

const FLASH_MS = 1_000;
const TONES = { assigned: [660, 880], message: [740] } as const;

let audio: AudioContext | undefined;

export function beep(what: keyof typeof TONES): void {
  if (!usePreferences.getState().sound) return;
  try {
    audio ??= new AudioContext();
    // Before the first click on the page a browser keeps it suspended, and the tone is lost: that is its rule.
    void audio.resume();
    TONES[what].forEach((pitch, nth) => tone(audio!, pitch, nth * 0.16));
  } catch {
    // No sound device: the title and the badge remain.
  }
}

function tone(context: AudioContext, pitch: number, after: number): void {
  const start = context.currentTime + after;
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.18, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
  source.connect(volume).connect(context.destination);
  source.start(start);
  source.stop(start + 0.16);
}

// ---- the title --------------------------------------------------------------------------------------------

let plain = '店小二';
let flashing: ReturnType<typeof setInterval> | undefined;

/** The title while nothing is urgent. */
export function setTitle(title: string): void {
  plain = title;
  if (flashing === undefined) document.title = title;
}

export function flashTitle(text: string): void {
  if (!document.hidden) return;
  stopFlashing();
  let on = true;
  document.title = text;
  flashing = setInterval(() => {
    on = !on;
    document.title = on ? text : plain;
  }, FLASH_MS);
}

function stopFlashing(): void {
  clearInterval(flashing);
  flashing = undefined;
  document.title = plain;
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) stopFlashing();
});

// ---- desktop notifications --------------------------------------------------------------------------------

export const canNotify = () => typeof Notification !== 'undefined';

export async function askToNotify(): Promise<boolean> {
  if (!canNotify()) return false;
  return (await Notification.requestPermission()) === 'granted';
}

export function notify(title: string, body: string, onClick: () => void): void {
  if (!document.hidden || !usePreferences.getState().notifications) return;
  if (!canNotify() || Notification.permission !== 'granted') return;
  const shown = new Notification(title, { body, tag: 'xiaoer', icon: '/console/favicon.svg' });
  shown.onclick = () => {
    window.focus();
    shown.close();
    onClick();
  };
}
