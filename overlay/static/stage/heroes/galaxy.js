/* Galaxy: dust falls inward, a star lights, arms unroll, and the whole wheel turns its face to you. */

import { shade, shock } from "./parts.js";

const INKS = ["#b79bff", "#7fb6ff", "#ff9fe0", "#ffffff"];

export const timeline = {
  length_ms: 6400,
  beats: { arrival: 0, reveal: 1500, climax: 3300, farewell: 5300 },
  layers: [
    shade("rgba(74, 30, 150, .86)", 6400, 5300),
    {
      name: "disc", layer: ["galaxy", "disc"], size: 66,
      keys: [
        [0, { o: 0, s: 0.02, r: -760, tilt: 70 }], [1300, { o: 0 }], [1460, { o: 1 }, "out"], [2700, { s: 0.98, r: -90, tilt: 60 }, "linear"], [3250, { r: -50, s: 0.94, tilt: 62 }, "inout"],
        [4050, { r: 60, s: 1.2, tilt: 0 }, "linear"], [5300, { r: 130, s: 1.14 }, "in"], [6100, { r: 560, s: 0.02 }], [6130, { o: 0 }],
      ],
    },
    {
      name: "core", layer: ["galaxy", "core"], size: 70,
      keys: [
        [0, { o: 0, s: 0.1 }, "out"], [500, { o: 0.9, s: 0.5 }, "soft"], [900, { s: 0.3 }, "soft"], [1250, { s: 0.6 }, "soft"], [1430, { s: 0.16 }, "out"], [1620, { s: 2.5, o: 1 }, "out"], [2300, { s: 0.95 }, "soft"],
        [3250, { s: 0.8 }, "out"], [3500, { s: 2.1 }, "out"], [4100, { s: 1.2 }, "soft"], [5300, { s: 1 }, "in"], [6060, { s: 0.5 }, "out"], [6180, { s: 2.2 }, "in"], [6400, { s: 0, o: 0 }],
      ],
    },
    {
      name: "stars", layer: ["galaxy", "stars"], scatter: true, size: 80,
      keys: [[0, { o: 0, s: 0.3, r: 50 }], [1700, { o: 0 }, "out"], [2700, { o: 1, s: 0.9, r: 10 }, "linear"], [3300, { r: 4 }, "out"], [4000, { s: 1.2, r: -16 }, "linear"], [5300, { r: -40 }, "in"], [6000, { s: 0.05, r: -190, o: 0 }]],
    },
    shock(1560, "#d9c4ff", { tilt: 64, reach: 2.8 }),
    shock(3480, "#ffd0f4", { reach: 2.7, ms: 950 }),
  ],
  sparks: [
    { at: 30, for: 1350, rate: 70, pull: { force: 5, swirl: 3.4 }, spray: { kind: "dot", inks: INKS, wide: 120, tall: 76, speed: 6, drag: 1, life: 1300, size: 1.6 } },
    { at: 1560, spray: { kind: "star", inks: INKS, n: 40, speed: 80, life: 1500, size: 2, drag: 2, spin: 120 } },
    { at: 1900, for: 1400, rate: 26, pull: { force: 2, swirl: 2.6 }, spray: { kind: "dot", inks: INKS, wide: 70, tall: 34, speed: 10, drag: 0.8, life: 1500, size: 1.4 } },
    { at: 3480, spray: { kind: "streak", inks: INKS, n: 60, speed: 170, life: 950, size: 6, drag: 1.9 } },
    { at: 3600, for: 1500, rate: 40, spray: { kind: "star", inks: INKS, speed: 50, life: 1400, size: 1.8, drag: 0.9, spin: 80 } },
    { at: 5350, for: 650, rate: 80, pull: { force: 9, swirl: 5 }, spray: { kind: "dot", inks: INKS, wide: 80, tall: 60, speed: 4, life: 700, size: 1.6 } },
    { at: 6120, spray: { kind: "star", inks: ["#fff", "#ffe9a8"], n: 22, speed: 66, life: 700, size: 2.2, drag: 3 } },
  ],
  score: [
    [0, "pad", { hz: 110, length: 3.2, peak: 0.1 }], [100, "whoosh", { hz: 160, to: 1400, length: 1.4, peak: 0.16 }], [1540, "boom", { hz: 90, peak: 0.5 }], [1560, "shimmer", { hz: 880, n: 9, length: 1.8 }],
    [1700, "pad", { hz: 164.8, length: 3.4 }], [1720, "pad", { hz: 246.9, length: 3.4 }], [3250, "whoosh", { hz: 220, to: 3000, length: 0.7 }], [3480, "boom", { hz: 120, peak: 0.6, length: 1.4 }],
    [3500, "shimmer", { hz: 1318, n: 12, length: 2.2 }], [3520, "pad", { hz: 329.6, length: 2.4 }], [5300, "whoosh", { hz: 2600, to: 120, length: 0.85 }], [6110, "bell", { hz: 1568, peak: 0.16 }],
  ],
};
