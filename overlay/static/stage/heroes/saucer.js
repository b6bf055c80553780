/* Saucer: it flits in, tries a light, lifts a bewildered panda, thinks better of it, and is gone. */

import { glow, rock, shade, shock } from "./parts.js";

const RAY = ["#fff275", "#d9ffb0", "#a7f0ff"];

export const timeline = {
  length_ms: 6800,
  beats: { arrival: 0, reveal: 1300, climax: 2500, farewell: 5500 },
  layers: [
    shade("rgba(22, 84, 90, .82)", 6800, 5700),
    { name: "beam", draw: "beam", ink: "rgba(255, 242, 117, .7)", size: 44, wide: 44, tall: 40, origin: [0.5, 0], keys: [[0, { o: 0, y: 14, sx: 0.1 }], [1600, { o: 0 }, "out"], [1900, { o: 0.9, sx: 1 }, "soft"], ...rock(2100, 4500, 300, { o: 0.7, sx: 0.94 }, { o: 0.95, sx: 1.02 }), [4700, { o: 0.8 }, "in"], [5000, { o: 0, sx: 0.05 }]] },
    { name: "guest", art: "panda", px: 256, size: 17, keys: [[0, { o: 0, y: 48, s: 0.8 }, "out"], [1900, { o: 0 }, "out"], [2200, { o: 1, y: 26, s: 1 }, "soft"], [2500, { r: 0 }, "soft"], [3100, { y: 16, r: 70 }, "soft"], [3700, { y: 4, r: 200, s: 0.86 }, "soft"], [4150, { y: 8, r: 300, s: 0.9 }, "in"], [4750, { y: 27, r: 366, s: 1 }, "out"], [4860, { sx: 1.16, sy: 0.8, y: 29 }, "soft"], [5100, { sx: 1, sy: 1, y: 24, r: 360 }, "in"], [5350, { y: 28 }, "soft"], [5800, { o: 1 }, "soft"], [6400, { o: 0, y: 40 }]] },
    {
      name: "craft", layer: ["saucer", "craft"], size: 58,
      keys: [
        [0, { x: 90, y: -60, s: 0.14, r: 20, o: 0 }], [60, { o: 1 }, "inout"], [420, { x: -56, y: -30, s: 0.3, r: -24 }, "inout"], [800, { x: 52, y: -26, s: 0.5, r: 24 }, "inout"], [1250, { x: 0, y: -6, s: 1.04, r: -16 }, "soft"], [1600, { y: -9, s: 1, r: -12 }, "soft"],
        [2100, { y: -6, r: -15 }, "soft"], [2600, { y: -9, r: -11 }, "soft"], [3100, { y: -6, r: -15 }, "soft"], [3600, { y: -9, r: -11 }, "soft"], [4100, { y: -6, r: -14 }, "soft"], [4600, { y: -10, r: -9 }, "soft"], [5100, { y: -7, r: -14 }, "soft"],
        [5500, { x: -6, y: -2, r: -24, s: 1.04 }, "in"], [5850, { x: 70, y: -34, s: 0.3, r: 26 }, "in"], [6050, { x: 40, y: -62, s: 0.04, r: 0 }], [6060, { o: 0 }],
      ],
    },
    glow("#c8fff0", 1250, 5600, { y: 4, size: 40, o: 0.6 }),
    shock(1280, "#a7f0ff", { y: 2, tilt: 66, reach: 2 }),
    shock(6060, "#ffffff", { x: 40, y: -40, size: 16, reach: 1.6, ms: 500 }),
  ],
  sparks: [
    { at: 60, for: 1150, rate: 50, follow: "craft", spray: { kind: "dot", inks: RAY, speed: 8, life: 700, size: 1.3 } },
    { at: 1950, for: 2600, rate: 30, from: [0, 34], spray: { kind: "star", inks: RAY, wide: 36, tall: 4, angle: -90, spread: 16, speed: 30, gravity: -14, life: 1100, size: 1.7, spin: 120 } },
    { at: 2000, for: 2500, rate: 5, from: [0, 10], spray: { kind: "ring", inks: RAY, speed: 22, angle: 90, spread: 4, life: 900, size: 10, vary: 0, grow: 1.2, alpha: 0.5 } },
    { at: 4780, from: [0, 34], spray: { kind: "smoke", inks: ["#e9fff5", "#ffffff"], n: 16, angle: -90, spread: 180, speed: 30, life: 800, size: 3.4, grow: 1 } },
    { at: 6060, from: [40, -40], spray: { kind: "star", inks: ["#ffffff", "#a7f0ff"], n: 20, speed: 50, life: 700, size: 2, drag: 3 } },
  ],
  score: [
    [0, "whoosh", { hz: 900, to: 300, length: 0.4, peak: 0.14 }], [400, "whoosh", { hz: 900, to: 300, length: 0.4, peak: 0.14 }], [800, "whoosh", { hz: 900, to: 240, length: 0.5, peak: 0.16 }], [1250, "pad", { hz: 233, length: 4.2, attack: 0.1, peak: 0.08 }], [1280, "pad", { hz: 329.6, length: 4.2, peak: 0.06 }],
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => [1900 + i * 330, "bell", { hz: i % 2 ? 740 : 622, length: 0.5, peak: 0.1 }]), [2200, "pluck", { hz: 440 }], [3100, "pluck", { hz: 554 }], [3700, "pluck", { hz: 659 }], [4760, "boom", { hz: 140, peak: 0.3, length: 0.4 }], [5500, "whoosh", { hz: 300, to: 4200, length: 0.6, peak: 0.3 }], [6060, "shimmer", { hz: 1760, n: 5, length: 0.7 }],
  ],
};
