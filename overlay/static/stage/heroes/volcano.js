/* Volcano: it wakes, holds its breath, and throws the night full of fire. */

import { glow, rock, shade, shake, shock } from "./parts.js";

const LAVA = ["#ff4d2e", "#ff8a2e", "#ffc14d"];
const hill = [
  [0, { y: 62 }], [100, { y: 58 }, "cubic-bezier(.3,.8,.4,1)"], [1250, { y: -1 }, "soft"], [1500, { y: 0.5 }, "soft"], ...rock(1700, 2500, 100, { x: -0.5 }, { x: 0.5 }), [2600, { x: 0, sy: 0.92, sx: 1.04 }, "out"], [2760, { sy: 1.06, sx: 0.98 }, "soft"],
  ...rock(2900, 4700, 150, { sy: 1.01, sx: 1.005, x: 0.4 }, { sy: 0.99, sx: 1, x: -0.4 }), [4900, { x: 0, sy: 1, sx: 1 }], [5700, {}, "in"], [6600, { y: 62 }],
];

export const timeline = {
  length_ms: 6800,
  floor: 31,
  beats: { arrival: 0, reveal: 1350, climax: 2680, farewell: 5600 },
  layers: [
    shade("rgba(120, 26, 22, .86)", 6800, 5800),
    glow("#ff6a2e", 2600, 5400, { y: -14, size: 58 }),
    { name: "smoke", layer: ["volcano", "smoke"], size: 60, keys: [[0, { o: 0, y: 40, s: 0.6 }], [900, { o: 0, y: 8 }, "out"], [1500, { o: 0.9, y: 0, s: 1 }, "soft"], [2000, { y: -1.5, s: 1.05 }, "soft"], [2550, { y: 3, s: 0.8 }, "out"], [2800, { y: -14, s: 1.6, o: 0.6 }, "out"], [3600, { y: -30, s: 2, o: 0 }]] },
    { name: "mountain", layer: ["volcano", "mountain"], size: 60, origin: [0.5, 1], keys: hill },
    { name: "lava", layer: ["volcano", "lava"], size: 60, origin: [0.5, 1], keys: hill.map(([ms, pose, ease]) => [ms, ms === 0 ? { ...pose, o: 0.55 } : ms === 2760 ? { ...pose, o: 1 } : pose, ease]) },
    shock(2690, "#ffb36b", { y: -16, reach: 2.6, ms: 900 }),
  ],
  camera: shake(2660, 1900, 1),
  sparks: [
    { at: 60, for: 1100, rate: 30, from: [0, 30], spray: { kind: "smoke", inks: ["#6a5566", "#8a7280"], wide: 54, angle: -90, spread: 160, speed: 18, life: 1200, size: 5, grow: 1.2, alpha: 0.6 } },
    { at: 1500, for: 1100, rate: 20, from: [0, -16], spray: { kind: "dot", inks: LAVA, wide: 8, angle: -90, spread: 40, speed: 30, gravity: 20, life: 900, size: 1.6 } },
    { at: 2680, for: 2300, rate: 95, from: [0, -15], spray: { kind: "fire", inks: LAVA, wide: 8, angle: -90, spread: 34, speed: 104, gravity: 96, drag: 0.4, life: 1500, size: 4.2 } },
    { at: 2690, spray: { kind: "streak", inks: LAVA, n: 46, angle: -90, spread: 120, speed: 150, gravity: 60, life: 1200, size: 6, drag: 1.2 }, from: [0, -15] },
    { at: 3300, spray: { kind: "streak", inks: LAVA, n: 26, angle: -90, spread: 100, speed: 140, gravity: 60, life: 1200, size: 6, drag: 1.2 }, from: [0, -15] },
    { at: 3900, spray: { kind: "streak", inks: LAVA, n: 30, angle: -90, spread: 110, speed: 150, gravity: 60, life: 1200, size: 6, drag: 1.2 }, from: [0, -15] },
    { at: 2800, for: 2200, rate: 14, from: [0, -24], spray: { kind: "smoke", inks: ["#4a3440", "#5d4650"], wide: 12, angle: -90, spread: 50, speed: 34, gravity: -8, life: 1800, size: 7, grow: 1.8, alpha: 0.5 } },
    { at: 4200, for: 1900, rate: 26, from: [0, -42], spray: { kind: "dot", inks: LAVA, wide: 120, speed: 5, gravity: 12, life: 1900, size: 1.4, sway: 1.4 } },
  ],
  score: [
    [0, "rumble", { hz: 80, length: 2.8, attack: 0.6, peak: 0.5 }], [1300, "boom", { hz: 60, peak: 0.4 }], [1700, "rumble", { hz: 120, length: 1.1, peak: 0.4 }], [2550, "whoosh", { hz: 1200, to: 160, length: 0.14, peak: 0.2 }], [2680, "boom", { hz: 90, peak: 0.7, length: 1.8 }], [2690, "rumble", { hz: 260, length: 2.6, attack: 0.05, peak: 0.6 }],
    [2700, "brass", { hz: 130.8, length: 1.5 }], [2700, "brass", { hz: 196, length: 1.5 }], [2720, "brass", { hz: 261.6, length: 1.7 }], [3300, "boom", { hz: 120, peak: 0.4 }], [3900, "boom", { hz: 110, peak: 0.45 }], [2900, "crackle", { length: 2.4, n: 40 }], [5600, "rumble", { hz: 90, length: 1.1, peak: 0.3 }],
  ],
};
