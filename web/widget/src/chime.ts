// SPDX-License-Identifier: Apache-2.0
//
// Two soft tones when a person takes the chat: the buyer may be looking elsewhere after a wait. Made, not loaded.
// A browser that wants a gesture first simply stays silent.
export function chime(): void {
  try {
    const audio = new AudioContext();
    [659.3, 880].forEach((pitch, i) => {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      const from = audio.currentTime + i * 0.14;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, from);
      loud.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.35);
      tone.connect(loud).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.36);
    });
    setTimeout(() => void audio.close(), 1_000);
  } catch {
    // no sound is no fault
  }
}
