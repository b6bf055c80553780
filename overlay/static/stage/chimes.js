/* Chimes: what a card sounds like when it comes or counts up, as data: [voice, options, delay (s)]. Each tier brings what
   the one before brings, and more. */

const SCALE = [0, 2, 4, 7, 9]; // pentatonic: any two notes agree
const MOST = 7;
export const RICH_FROM = 3;

export const note = (step, base = 523.25) => base * 2 ** (Math.floor(step / 5) + SCALE[step % 5] / 12);

/* The more units, the higher. */
export function chimeOf(tier, units) {
  const t = Math.min(MOST, Math.max(1, Math.floor(tier) || 1));
  const step = Math.min(12, Math.floor(Math.log2(Math.max(1, units)) * 1.7));
  const parts = [["pluck", { hz: note(step), peak: 0.16 }, 0]];
  if (t >= 2) parts.push(["pluck", { hz: note(step + 2), peak: 0.12, length: 0.55 }, 0.07]);
  if (t >= RICH_FROM) {
    parts.push(["whoosh", { length: 0.5, peak: 0.08 }, 0]);
    for (let i = 0; i < t + 1; i += 1) parts.push(["bell", { hz: note(step + i * 2), peak: 0.07, length: 1.1 }, 0.1 + i * 0.09]);
  }
  if (t >= 4) parts.push(["pad", { hz: note(step, 261.63), peak: 0.03 * (t - 3), length: 1.4 + 0.2 * t, attack: 0.3 }, 0.05]);
  if (t >= 5) parts.push(["boom", { peak: 0.08 * (t - 4), length: 0.7 }, 0]);
  return parts;
}
