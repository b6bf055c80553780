/* Swan: two swans glide towards each other over the water; where their necks meet there is a heart. */

import { rock, shade } from "./parts.js";

const PINK = ["#ff7ea6", "#ffc1d4", "#ff3b6b", "#ffffff"];
const glide = (from, to, side) => [
  [0, { x: from, y: 6, sx: side, o: 0 }], [200, { o: 1 }, "cubic-bezier(.3,.6,.3,1)"], [2500, { x: to, y: 4 }, "soft"], ...rock(2800, 4600, 600, { y: 3, r: side * 2 }, { y: 4.6, r: side * -1.5 }), [4900, { r: 0, y: 4, o: 1 }, "in"], [6100, { x: to + (from > 0 ? 8 : -8), y: 2, o: 0 }],
];

export const timeline = {
  length_ms: 6300,
  beats: { arrival: 0, reveal: 1500, climax: 2650, farewell: 5100 },
  layers: [
    shade("rgba(36, 64, 140, .82)", 6300, 5300),
    { name: "moon", draw: "disc", ink: "#dfe8ff", size: 34, keys: [[0, { o: 0, y: 0, s: 0.9 }, "out"], [1600, { o: 0.85, y: -10, s: 1 }, "soft"], [5100, { y: -12 }, "in"], [6200, { o: 0 }]] },
    { name: "water", layer: ["swan", "water"], size: 96, keys: [[0, { o: 0, y: -12, s: 0.7 }, "out"], [1200, { o: 0.9, s: 1 }, "soft"], ...rock(1900, 4700, 700, { sx: 1.04 }, { sx: 0.98 }), [5200, { sx: 1 }, "in"], [6200, { o: 0, s: 1.1 }]] },
    { name: "left", layer: ["swan", "swan"], size: 40, keys: glide(-98, -18.5, -1) },
    { name: "right", layer: ["swan", "swan"], size: 40, keys: glide(98, 18.5, 1) },
    { name: "heart", art: "heart", px: 256, size: 17, keys: [[0, { o: 0, y: -6, s: 0 }], [2560, { o: 0 }, "out"], [2760, { o: 1, s: 1.25 }, "soft"], [3000, { s: 0.92 }, "soft"], [3300, { s: 1.2, y: -8 }, "soft"], [3560, { s: 0.96 }, "soft"], [3900, { s: 1.22, y: -11 }, "soft"], [4200, { s: 1, y: -12 }, "soft"], [4700, { s: 1.1, y: -15 }, "in"], [5700, { y: -40, s: 0.6, o: 0 }]] },
  ],
  sparks: [
    { at: 250, for: 2200, rate: 18, follow: "left", from: [10, 17], spray: { kind: "ring", inks: ["#bfe2ff", "#ffffff"], spread: 20, speed: 4, life: 1100, size: 3, grow: 1.6, alpha: 0.3 } },
    { at: 250, for: 2200, rate: 18, follow: "right", from: [10, 17], spray: { kind: "ring", inks: ["#bfe2ff", "#ffffff"], spread: 20, speed: 4, life: 1100, size: 3, grow: 1.6, alpha: 0.3 } },
    { at: 2640, from: [0, -6], spray: { kind: "heart", inks: PINK, n: 34, speed: 58, angle: -90, spread: 300, gravity: -4, drag: 1.8, life: 2000, size: 2.6, sway: 1.2 } },
    { at: 2900, for: 2200, rate: 17, from: [0, -4], spray: { kind: "heart", inks: PINK, wide: 30, angle: -90, spread: 60, speed: 24, gravity: -6, sway: 1.6, life: 1900, size: 2.2 } },
    { at: 1600, for: 3400, rate: 8, from: [0, -42], spray: { kind: "feather", inks: ["#ffffff", "#e6f0ff"], wide: 120, speed: 5, gravity: 11, life: 2600, size: 2.6, flip: 3, spin: 60, sway: 2.2 } },
  ],
  score: [
    [0, "pad", { hz: 174.6, length: 3.6, peak: 0.07 }], [300, "bell", { hz: 698 }], [900, "bell", { hz: 880 }], [1500, "bell", { hz: 1047 }], [2000, "bell", { hz: 880 }], [2640, "pad", { hz: 220, length: 3.4 }], [2640, "pad", { hz: 349, length: 3.4 }],
    [2640, "shimmer", { hz: 1397, n: 9, length: 2.2 }], [3300, "bell", { hz: 1318 }], [3900, "bell", { hz: 1397 }], [5100, "whoosh", { hz: 800, to: 300, length: 1, peak: 0.08 }],
  ],
};
