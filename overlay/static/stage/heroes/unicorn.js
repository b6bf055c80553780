/* Unicorn: it leaps in along a rainbow, bows, and its horn catches light. */

import { shade, shock } from "./parts.js";

const RAINBOW = ["#ff5d6c", "#ffb84d", "#fff275", "#6fe39a", "#5bc8ff", "#a78bff", "#ffffff"];
const leap = [
  [0, { o: 0, x: 100, y: 26, s: 0.6, r: 14 }], [120, { o: 1 }, "out"], [620, { x: 52, y: -18, r: -10, s: 0.8 }, "in"], [1020, { x: 26, y: 12, r: 8 }, "out"], [1450, { x: 2, y: -8, s: 1, r: -8 }, "in"], [1750, { x: 0, y: 4, r: 4, sy: 0.94, sx: 1.04 }, "soft"],
  [2050, { y: 0, r: 0, sx: 1, sy: 1 }, "soft"], [2600, { r: -9, y: 3 }, "soft"], [3050, { r: 9, y: -5, s: 1.08 }, "soft"], [3700, { r: 5, y: -3 }, "soft"], [4300, { r: 8, y: -4 }, "soft"], [4900, { r: 0, y: 2, s: 1, x: 2 }, "soft"],
  [5300, { r: -6, y: 6, x: 8 }, "out"], [5750, { x: -30, y: -30, r: 10 }, "in"], [6300, { x: -110, y: 12, s: 0.8, r: -12 }], [6320, { o: 0 }],
];

export const timeline = {
  length_ms: 6600,
  beats: { arrival: 0, reveal: 1450, climax: 3050, farewell: 5300 },
  layers: [
    shade("rgba(110, 50, 160, .8)", 6600, 5400),
    { name: "rainbow", draw: "arc", size: 104, keys: [[0, { o: 0, y: 22, s: 0.3, r: -70 }], [300, { o: 0 }, "out"], [1700, { o: 0.92, s: 1, r: 0 }, "soft"], [3050, { s: 0.98 }, "out"], [3300, { s: 1.05, o: 1 }, "soft"], [5300, { s: 1 }, "in"], [6300, { o: 0, r: 60 }]] },
    { name: "back", layer: ["unicorn", "back"], size: 56, keys: leap },
    { name: "horn", layer: ["unicorn", "horn"], size: 56, keys: leap },
    { name: "head", layer: ["unicorn", "head"], size: 56, keys: leap },
    { name: "light", draw: "glow", ink: "#ffffff", size: 34, keys: [[0, { o: 0, x: -16, y: -29, s: 0.1 }], [2800, { o: 0 }, "out"], [3080, { o: 1, s: 1 }, "soft"], [3500, { s: 0.6, o: 0.7 }, "soft"], [3900, { s: 0.95 }, "soft"], [4700, { o: 0, s: 0.3 }]] },
    shock(3080, "#ffd9ff", { x: -16, y: -29, reach: 2.2 }),
  ],
  sparks: [
    { at: 100, for: 1500, rate: 56, follow: "back", from: [12, 18], spray: { kind: "star", inks: RAINBOW, angle: 20, spread: 70, speed: 24, gravity: 14, life: 1200, size: 2, spin: 120 } },
    { at: 1760, from: [0, 28], spray: { kind: "dot", inks: RAINBOW, n: 30, wide: 26, angle: -90, spread: 170, speed: 44, gravity: 50, life: 1000, size: 1.9 } },
    { at: 3070, follow: "horn", from: [-18, -24], spray: { kind: "star", inks: RAINBOW, n: 48, speed: 78, life: 1600, size: 2.4, drag: 2, gravity: 10, spin: 140 } },
    { at: 3090, follow: "horn", from: [-18, -24], spray: { kind: "streak", inks: RAINBOW, n: 30, speed: 140, life: 760, size: 6, drag: 2.2 } },
    { at: 3300, for: 1600, rate: 30, from: [0, -44], spray: { kind: "star", inks: RAINBOW, wide: 110, speed: 6, gravity: 18, life: 1900, size: 1.9, spin: 120, sway: 1.2 } },
    { at: 5300, for: 950, rate: 60, follow: "back", from: [12, 18], spray: { kind: "star", inks: RAINBOW, angle: 10, spread: 80, speed: 22, gravity: 10, life: 1100, size: 2.1, spin: 120 } },
  ],
  score: [
    [0, "shimmer", { hz: 784, n: 7, length: 1.4 }], [620, "pluck", { hz: 523 }], [1020, "pluck", { hz: 659 }], [1450, "pluck", { hz: 784 }], [1760, "boom", { peak: 0.24 }], [1760, "bell", { hz: 1047 }], [2100, "pad", { hz: 261.6, length: 3 }],
    [2600, "whoosh", { hz: 600, to: 2600, length: 0.5, peak: 0.14 }], [3070, "boom", { hz: 180, peak: 0.3 }], [3080, "shimmer", { hz: 1568, n: 14, length: 2.6 }], [3100, "pad", { hz: 392, length: 2.4 }], [5300, "pluck", { hz: 784 }], [5500, "pluck", { hz: 1047 }], [5700, "whoosh", { hz: 2200, to: 500, length: 0.7, peak: 0.14 }],
  ],
};
