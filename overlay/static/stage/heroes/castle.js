/* Castle: the ground shakes, walls and towers rise, flags unroll, and the night above it goes off in lights. */

import { boomAt, glow, shade, shake } from "./parts.js";

const LIGHTS = [["#ff5d8f", "#ffd1e0"], ["#5ad1ff", "#d9f4ff"], ["#ffd75a", "#fff3c4"], ["#a78bff", "#e6dcff"], ["#7dffb0", "#e2ffee"]];
const sink = (from) => [[from, {}, "in"], [from + 900, { y: 62 }], [from + 920, { o: 0 }]];
const burst = (name, at) => ({ name: `${name}-${at}`, layer: ["fireworks", name], size: 92, keys: [[0, { o: 0, y: -14, s: 0.5 }], [at, { o: 0 }, "out"], [at + 120, { o: 1 }, "out"], [at + 620, { s: 1.04 }, "soft"], [at + 1100, { o: 0, y: -11, s: 1.08 }]] });

export const timeline = {
  length_ms: 7400,
  floor: 31,
  beats: { arrival: 0, reveal: 1500, climax: 2900, farewell: 6200 },
  layers: [
    shade("rgba(48, 36, 120, .86)", 7400, 6300),
    burst("top", 2950), burst("left", 3500), burst("right", 3950), burst("top", 4800),
    { name: "flags", layer: ["castle", "flags"], size: 62, origin: [0.5, 0.5], keys: [[0, { o: 0, y: 2, s: 1.05, sx: 1 }], [2150, { o: 0, y: 8 }], [2160, { o: 1 }, "back"], [2450, { y: 0, s: 1 }, "soft"], [2750, { y: -0.5 }, "soft"], [3050, { y: 0.3 }, "soft"], [3350, { y: -0.5 }, "soft"], [3650, { y: 0.3 }, "soft"], ...sink(6300)] },
    { name: "towers", layer: ["castle", "towers"], size: 62, origin: [0.5, 0.9], keys: [[0, { o: 1, y: 66 }], [900, { y: 50 }, "cubic-bezier(.3,.9,.4,1)"], [1500, { y: -2.5, sy: 1.07, sx: 0.97 }, "soft"], [1750, { y: 0.8, sy: 0.97, sx: 1.02 }, "soft"], [1980, { y: 0, sy: 1, sx: 1 }], ...sink(6300)] },
    { name: "wall", layer: ["castle", "wall"], size: 62, origin: [0.5, 1], keys: [[0, { o: 1, y: 34 }, "linear"], [150, { y: 32 }, "cubic-bezier(.3,.8,.4,1)"], [1150, { y: -1 }, "soft"], [1350, { y: 0.6, sy: 0.98 }, "soft"], [1550, { y: 0, sy: 1 }], ...sink(6300)] },
    glow("#ffd27a", 2600, 6400, { y: 20, size: 22, o: 0.95 }),
  ],
  camera: shake(120, 1250, 0.8),
  sparks: [
    { at: 100, for: 1300, rate: 36, from: [0, 31], spray: { kind: "smoke", inks: ["#d8cfc4", "#b8aea6"], wide: 66, angle: -90, spread: 150, speed: 20, life: 1300, size: 5.4, grow: 1.2, alpha: 0.6 } },
    { at: 1520, from: [0, -24], spray: { kind: "star", inks: LIGHTS[2], n: 26, speed: 48, life: 1200, size: 2, drag: 2, gravity: 10 } },
    { at: 2650, for: 250, rate: 60, path: [[0, 20], [0, -34]], spray: { kind: "dot", inks: LIGHTS[2], speed: 5, life: 500, size: 1.3 } },
    ...boomAt(2960, 0, -34, LIGHTS[2], 44), ...boomAt(3510, -28, -10, LIGHTS[1]), ...boomAt(3960, 28, -8, LIGHTS[3]), ...boomAt(4350, -16, -36, LIGHTS[0]), ...boomAt(4560, 20, -34, LIGHTS[4]), ...boomAt(4810, 0, -30, LIGHTS[2], 50),
    { at: 4850, for: 1200, rate: 36, from: [0, -44], spray: { kind: "confetti", inks: LIGHTS.flat(), wide: 110, speed: 8, gravity: 26, life: 2000, size: 1.9, flip: 8, spin: 160, sway: 1 } },
    { at: 6300, for: 800, rate: 60, from: [0, 24], spray: { kind: "star", inks: LIGHTS[2], wide: 62, tall: 10, angle: -90, spread: 60, speed: 30, life: 1000, size: 1.8, spin: 100 } },
  ],
  score: [
    [0, "rumble", { hz: 90, length: 1.6, attack: 0.15, peak: 0.5 }], [1150, "boom", { hz: 70, peak: 0.5 }], [1500, "boom", { hz: 90, peak: 0.4 }], [2160, "brass", { hz: 392, length: 0.3 }], [2330, "brass", { hz: 392, length: 0.3 }], [2500, "brass", { hz: 523, length: 0.9 }],
    [2500, "brass", { hz: 659, length: 0.9 }], [2700, "whoosh", { hz: 600, to: 3000, length: 0.3, peak: 0.12 }], [2960, "boom", { hz: 160, peak: 0.5 }], [3000, "crackle", { length: 0.9 }], [3510, "boom", { hz: 180, peak: 0.4 }], [3560, "crackle", { length: 0.7 }],
    [3960, "boom", { hz: 170, peak: 0.4 }], [4350, "boom", { hz: 190, peak: 0.35 }], [4560, "boom", { hz: 200, peak: 0.35 }], [4810, "boom", { hz: 150, peak: 0.55 }], [4830, "shimmer", { hz: 1047, n: 12, length: 2 }], [4830, "brass", { hz: 784, length: 1.4 }], [6300, "whoosh", { hz: 1600, to: 180, length: 0.9, peak: 0.16 }],
  ],
};
