/* Universe: a comet wakes the dark, worlds arrive on their orbits, all turn together, and fold into one star. */

import { shade, shock } from "./parts.js";

const INKS = ["#ffe08a", "#8fd0ff", "#d3a8ff", "#ffffff"];
const gone = (from, to, r) => [[from, {}, "in"], [to, { s: 0.03, r }], [to + 40, { o: 0 }]];

export const timeline = {
  length_ms: 8000,
  beats: { arrival: 0, reveal: 1500, climax: 3900, farewell: 6700 },
  layers: [
    shade("rgba(38, 20, 110, .9)", 8000, 6900),
    { name: "galaxy", layer: ["universe", "galaxy"], size: 70, keys: [[0, { o: 0, s: 0.1, r: -200 }], [1300, { o: 0 }, "out"], [2400, { o: 0.9, s: 0.92, r: -40 }, "linear"], [3900, { r: 0 }, "soft"], [5300, { s: 1.02, r: 60 }, "linear"], ...gone(6700, 7500, 420)] },
    { name: "stars", layer: ["universe", "stars"], scatter: true, size: 92, keys: [[0, { o: 0, s: 1.5 }, "out"], [900, { o: 1, s: 1.05 }, "soft"], [1500, { o: 0.6 }, "soft"], [2100, { o: 1 }, "soft"], [3900, { r: -14, s: 1 }, "soft"], [5300, { r: -50, s: 1.16 }, "linear"], ...gone(6700, 7400, -240)] },
    { name: "comet", art: "comet", size: 26, keys: [[0, { x: 96, y: -62, o: 0, s: 0.6 }], [240, { o: 1 }, "in"], [1250, { x: -96, y: 54, s: 1.3 }], [1300, { o: 0 }]] },
    { name: "sun", layer: ["universe", "sun"], size: 74, keys: [[0, { o: 0, s: 0.3, r: -210 }], [2700, { o: 0 }], [2740, { o: 1 }, "out"], [3700, { s: 1, r: 0 }, "soft"], [4000, { r: -6 }, "inout"], [6200, { r: 350 }, "linear"], ...gone(6750, 7440, 640)] },
    { name: "planet", layer: ["universe", "planet"], size: 74, keys: [[0, { o: 0, y: 90, s: 0.5, r: -60 }], [1400, { o: 0 }], [1420, { o: 1 }, "out"], [2200, { y: -3, s: 1.08, r: 8 }, "soft"], [2600, { y: 0, s: 1, r: 0 }, "soft"], [3900, { s: 0.94, r: -4 }, "out"], [4300, { s: 1.26, r: 6 }, "soft"], [5400, { s: 1.1, r: -6 }, "soft"], [6200, { s: 1.16, r: 4 }, "soft"], ...gone(6800, 7460, 200)] },
    { name: "earth", layer: ["universe", "earth"], size: 74, keys: [[0, { o: 0, s: 1.7, r: 170 }], [2000, { o: 0 }], [2060, { o: 1 }, "out"], [3100, { s: 1, r: 0 }, "soft"], [3900, { r: 8 }, "inout"], [6300, { r: -352 }, "linear"], ...gone(6700, 7420, -620)] },
    { name: "moon", layer: ["universe", "moon"], size: 74, keys: [[0, { o: 0, s: 1.9, r: -160 }], [2350, { o: 0 }], [2400, { o: 1 }, "out"], [3400, { s: 1, r: 0 }, "soft"], [3900, { r: -8 }, "inout"], [6200, { r: 360, s: 1.06 }, "linear"], ...gone(6700, 7400, 700)] },
    shock(4280, "#ffe9a8", { reach: 2.8, ms: 1000 }),
    shock(4700, "#a8d8ff", { reach: 2.5, ms: 1000 }),
    { name: "nova", draw: "glow", ink: "#fff3c4", size: 58, keys: [[0, { o: 0, s: 0 }], [7300, { o: 0 }, "out"], [7500, { o: 1, s: 1 }, "in"], [7950, { o: 0, s: 0.1 }]] },
  ],
  sparks: [
    { at: 240, for: 1010, rate: 60, path: [[90, -58], [-92, 51]], spray: { kind: "star", inks: ["#bfe9ff", "#ffffff", "#ff9fb0"], speed: 9, life: 1100, size: 2, spin: 120 } },
    { at: 2160, from: [0, 0], spray: { kind: "star", inks: INKS, n: 26, speed: 52, life: 1200, size: 2, drag: 2 } },
    { at: 4280, spray: { kind: "streak", inks: INKS, n: 56, speed: 190, life: 1000, size: 7, drag: 1.7 } },
    { at: 4400, for: 1900, rate: 44, spray: { kind: "streak", inks: INKS, speed: 130, life: 1000, size: 4.4, drag: 0.6 } },
    { at: 6700, for: 700, rate: 80, pull: { force: 9, swirl: -4 }, spray: { kind: "dot", inks: INKS, wide: 100, tall: 70, speed: 4, life: 720, size: 1.7 } },
    { at: 7430, spray: { kind: "star", inks: ["#ffffff", "#ffe9a8", "#bfe0ff"], n: 60, speed: 96, life: 1300, size: 2.4, drag: 2.2, spin: 120 } },
  ],
  score: [
    [0, "pad", { hz: 65.4, length: 4, peak: 0.12 }], [240, "whoosh", { hz: 2800, to: 240, length: 1.1, peak: 0.2 }], [1420, "boom", { hz: 80, peak: 0.45 }], [1450, "pad", { hz: 130.8, length: 3.2 }],
    [2060, "bell", { hz: 523 }], [2400, "bell", { hz: 659 }], [2740, "bell", { hz: 784 }], [3100, "bell", { hz: 1047 }], [3900, "whoosh", { hz: 180, to: 2600, length: 0.6 }], [4280, "boom", { hz: 130, peak: 0.6, length: 1.6 }],
    [4300, "brass", { hz: 261.6, length: 1.4 }], [4300, "brass", { hz: 392, length: 1.4 }], [4320, "brass", { hz: 523, length: 1.6 }], [4700, "shimmer", { hz: 1047, n: 12, length: 2.4 }], [5400, "pad", { hz: 196, length: 2.2 }],
    [6700, "whoosh", { hz: 2400, to: 90, length: 0.8 }], [7430, "boom", { hz: 150, peak: 0.4 }], [7440, "shimmer", { hz: 1568, n: 8 }],
  ],
};
