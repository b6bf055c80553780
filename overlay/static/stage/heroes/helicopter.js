/* Helicopter: it beats in low, hangs in the air, and rains presents. */

import { glow, rock, shade } from "./parts.js";

const GIFTS = ["#ff5d8f", "#ffd166", "#5ad1ff", "#9be564", "#b388ff"];
const path = [
  [0, { x: -118, y: 22, r: 16, s: 0.7, sx: -1, o: 0 }], [60, { o: 1 }, "out"], [1500, { x: 12, y: -6, r: -12, s: 1 }, "soft"], [1950, { x: -2, y: -2, r: 3 }, "soft"], [2400, { y: -6, r: -2 }, "soft"], [2900, { x: 2, y: -2, r: 3 }, "soft"], [3400, { y: -6, r: -3 }, "soft"],
  [3900, { x: -2, y: -3, r: 2 }, "soft"], [4400, { y: -6, r: -2 }, "soft"], [4900, { x: -6, y: -1, r: -8 }, "in"], [5900, { x: 122, y: -52, r: 20, s: 0.8 }], [5910, { o: 0 }],
];
export const timeline = {
  length_ms: 6300,
  beats: { arrival: 0, reveal: 1500, climax: 2600, farewell: 4900 },
  layers: [
    shade("rgba(180, 90, 30, .78)", 6300, 5200),
    glow("#ffd9a0", 1500, 5200, { y: 2, size: 56, o: 0.5 }),
    { name: "rotor", layer: ["helicopter", "rotor"], size: 56, keys: path },
    { name: "body", layer: ["helicopter", "body"], size: 56, keys: path },
    ...["balloon", "heart", "star"].map((art, i) => ({
      name: art, art, px: 256, size: 12,
      keys: [[0, { o: 0, x: (i - 1) * 4, y: 12, s: 0.3 }], [2600 + i * 300, { o: 0 }, "out"], [2660 + i * 300, { o: 1 }, "cubic-bezier(.3,0,.7,.6)"], [3600 + i * 300, { x: (i - 1) * 34, y: 22, s: 1, r: (i - 1) * 20 }, "soft"], ...rock(3700 + i * 300, 4700, 350, { r: (i - 1) * 12 + 6 }, { r: (i - 1) * 12 - 6 }), [5100, { y: 20 }, "in"], [5800, { y: 44, o: 0 }]],
    })),
  ],
  sparks: [
    { at: 60, for: 5600, rate: 34, follow: "body", from: [0, -19], spray: { kind: "streak", inks: ["#ffffff", "#ffe9d0"], wide: 30, angle: 0, spread: 10, speed: 54, life: 200, size: 4.4, alpha: 0.7 } },
    { at: 2600, for: 2000, rate: 40, follow: "body", from: [0, 16], spray: { kind: "confetti", inks: GIFTS, wide: 20, angle: 90, spread: 110, speed: 26, gravity: 26, life: 2000, size: 2, flip: 8, spin: 180, sway: 1.2 } },
    { at: 3600, from: [-34, 22], spray: { kind: "star", inks: GIFTS, n: 16, speed: 40, life: 900, size: 2, drag: 2.2 } },
    { at: 3900, from: [0, 22], spray: { kind: "star", inks: GIFTS, n: 16, speed: 40, life: 900, size: 2, drag: 2.2 } },
    { at: 4200, from: [34, 22], spray: { kind: "star", inks: GIFTS, n: 16, speed: 40, life: 900, size: 2, drag: 2.2 } },
    { at: 1200, for: 3600, rate: 16, from: [0, 32], spray: { kind: "smoke", inks: ["#fff1de", "#ffffff"], wide: 60, angle: -90, spread: 190, speed: 26, life: 1000, size: 3.6, grow: 1.1, alpha: 0.35 } },
  ],
  score: [
    ...Array.from({ length: 44 }, (_, i) => [i * 130, "boom", { hz: 88, peak: 0.1 + 0.1 * Math.sin((i / 43) * Math.PI), length: 0.1 }]), [1500, "brass", { hz: 349, length: 0.4 }], [1700, "brass", { hz: 440, length: 0.4 }], [1900, "brass", { hz: 523, length: 0.9 }],
    [2600, "whoosh", { hz: 1600, to: 500, length: 0.5, peak: 0.12 }], [3600, "bell", { hz: 880 }], [3900, "bell", { hz: 988 }], [4200, "bell", { hz: 1175 }], [4250, "shimmer", { hz: 1175, n: 8 }], [4900, "whoosh", { hz: 300, to: 1800, length: 1, peak: 0.16 }],
  ],
};
