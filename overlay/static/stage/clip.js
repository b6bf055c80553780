/* The film of a gift with art of its own: the designer's clip has the stage, and we stay out of its way. */

import { shade } from "./heroes/parts.js";

const LEAST_MS = 3_600;
const MOST_MS = 12_800;
const SIZE = 62; // units of its longer side
const LEAVES_MS = 700;

export function clip(art, { ms, wide, tall, sound }, palette) {
  const length_ms = Math.min(MOST_MS, Math.max(LEAST_MS, ms + LEAVES_MS));
  const farewell = length_ms - LEAVES_MS;
  const scale = SIZE / Math.max(wide, tall, 1);
  return {
    length_ms,
    beats: { arrival: 0, reveal: 500, climax: Math.round(length_ms * 0.5), farewell },
    layers: [
      shade(undefined, length_ms, farewell),
      {
        name: "clip",
        clip: art,
        wide: wide * scale,
        tall: tall * scale,
        size: SIZE,
        keys: [
          [0, { o: 0, s: 0.86 }, "out"],
          [420, { o: 1, s: 1 }],
          [farewell, {}, "in"],
          [length_ms - 80, { o: 0, s: 0.92 }],
        ],
      },
    ],
    sparks: [
      { at: farewell - 200, spray: { kind: "star", inks: [palette.main, palette.light, "#ffffff"], n: 26, speed: 60, life: 1100, size: 2.2, drag: 2.2 } },
    ],
    score: sound
      ? []
      : [
          [0, "whoosh", { length: 0.8 }],
          [420, "shimmer", { hz: 880 }],
          [520, "pad", { hz: 220, length: Math.min(6, length_ms / 1000) }],
        ],
  };
}
