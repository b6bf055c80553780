/* Dragon: a shadow crosses, it coils into the light, draws breath, and burns the air. */

import { glow, shade, shake, shock, trail } from "./parts.js";

const FIRE = ["#ff5a1f", "#ff8a2e", "#ffc14d"];
const EMBER = ["#ffd75a", "#ff8a3c", "#7dffcf"];
const flight = [
  [0, { x: -100, y: -24, s: 0.3, sx: -1, r: -14, o: 0.85 }, "soft"], [450, { x: -40, y: -34, r: 12 }, "soft"], [900, { x: 20, y: -20, r: -10 }, "soft"], [1300, { x: 100, y: -30, r: 8 }], [1310, { o: 0 }],
  [1380, { x: 106, y: 30, s: 0.8, sx: 1, r: -26 }], [1390, { o: 1 }, "out"], [2050, { x: 4, y: -2, s: 1.04, r: 7 }, "soft"], [2450, { x: 5, y: 1, r: -3, s: 1 }, "soft"], [2850, { x: 6, y: 0, r: 4 }, "soft"],
  [3250, { x: 13, y: -3, r: 15, s: 0.94, sy: 1.05 }, "in"], [3480, { x: 6, y: 2, r: -9, s: 1.14, sy: 0.97 }, "soft"], [3800, { x: 8, r: -6, y: 1 }, "soft"], [4100, { x: 6, r: -10, y: 2 }, "soft"], [4500, { x: 8, r: -6, y: 1 }, "soft"],
  [4900, { x: 5, y: 0, r: 2, s: 1.02, sy: 1 }, "soft"], [5400, { y: -3, r: -4 }, "soft"], [5900, { y: 3, r: 6, s: 0.96 }, "in"], [6900, { x: -34, y: -96, r: 38, s: 0.5 }], [6960, { o: 0 }],
];

export const timeline = {
  length_ms: 7200,
  beats: { arrival: 0, reveal: 1600, climax: 3400, farewell: 5900 },
  layers: [
    shade("rgba(130, 26, 30, .84)", 7200, 6100),
    { name: "moon", draw: "disc", ink: "#ffc98a", size: 42, keys: [[0, { o: 0, y: -4, s: 0.8 }, "out"], [800, { o: 0.5, s: 1 }, "soft"], [3400, { o: 0.5 }, "out"], [3600, { o: 0.75 }, "soft"], [5900, { o: 0.5 }, "in"], [6900, { o: 0 }]] },
    { name: "spikes", layer: ["dragon", "spikes"], size: 60, keys: trail(flight, 45) },
    { name: "body", layer: ["dragon", "body"], size: 60, keys: flight },
    glow("#ff7a2e", 3380, 5100, { x: -26, y: -8, size: 50 }),
    shock(3470, "#ffb36b", { x: -12, y: -10, reach: 2.4 }),
  ],
  camera: shake(3460, 1100, 1.1),
  sparks: [
    { at: 60, for: 1200, rate: 30, follow: "body", spray: { kind: "dot", inks: EMBER, speed: 6, gravity: 10, life: 1100, size: 1.4 } },
    { at: 1420, for: 700, rate: 50, follow: "body", from: [16, 10], spray: { kind: "dot", inks: EMBER, speed: 12, life: 1000, size: 1.8 } },
    { at: 2100, for: 1200, rate: 24, from: [0, 30], spray: { kind: "dot", inks: EMBER, wide: 70, tall: 8, angle: -90, spread: 50, speed: 18, gravity: -6, sway: 1.4, life: 1600, size: 1.3 } },
    { at: 2900, for: 460, rate: 60, from: [-10, -16], pull: { x: -8, y: -18, force: 12, swirl: 5 }, spray: { kind: "dot", inks: FIRE, wide: 40, tall: 40, speed: 3, life: 420, size: 1.5 } },
    { at: 3460, for: 1250, rate: 135, follow: "body", from: [-18, -15], spray: { kind: "fire", inks: FIRE, angle: 176, spread: 30, speed: 130, drag: 1.5, gravity: -14, life: 850, size: 5.6, grow: 1.5, vary: 0.6 } },
    { at: 3500, for: 1200, rate: 26, from: [-30, -8], spray: { kind: "smoke", inks: ["#4a3440", "#6b4a4a"], angle: 190, spread: 60, speed: 46, gravity: -16, life: 1500, size: 6, grow: 1.6, alpha: 0.5 } },
    { at: 4700, spray: { kind: "star", inks: EMBER, n: 40, speed: 70, life: 1500, size: 2.2, drag: 2, gravity: 10, spin: 140 } },
    { at: 5950, for: 900, rate: 60, follow: "body", from: [8, 16], spray: { kind: "dot", inks: EMBER, speed: 12, life: 1000, size: 1.9, gravity: 8 } },
  ],
  score: [
    [0, "rumble", { hz: 60, length: 2, peak: 0.3 }], [60, "whoosh", { hz: 240, to: 700, length: 1.2, peak: 0.2 }], [1400, "whoosh", { hz: 200, to: 1200, length: 0.7 }], [1620, "brass", { hz: 146.8, length: 1.2 }], [1620, "brass", { hz: 174.6, length: 1.2 }],
    [1620, "boom", { hz: 80, peak: 0.4 }], [2900, "whoosh", { hz: 900, to: 200, length: 0.5, peak: 0.18 }], [3430, "roar", { hz: 70, length: 1.9, peak: 0.5 }], [3460, "rumble", { hz: 420, length: 1.5, attack: 0.06, peak: 0.5 }],
    [3500, "crackle", { length: 1.6, n: 30 }], [4700, "brass", { hz: 220, length: 1 }], [4700, "brass", { hz: 293.7, length: 1.2 }], [4720, "shimmer", { hz: 880, n: 8 }], [5900, "whoosh", { hz: 300, to: 1800, length: 1 }],
  ],
};
