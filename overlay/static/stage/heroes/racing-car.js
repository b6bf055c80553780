/* Racing car: a streak past, a streak back, a full turn in its own smoke, and the flag. */

import { shade, shake } from "./parts.js";

const SMOKE = ["#f2f4f8", "#d9dee8", "#c3cad6"];
const RED = ["#ff4d4d", "#ffb3a8", "#ffffff"];

export const timeline = {
  length_ms: 5900,
  beats: { arrival: 0, reveal: 1500, climax: 2150, farewell: 4700 },
  layers: [
    shade("rgba(90, 20, 40, .8)", 5900, 4900),
    { name: "line-1", draw: "streak", ink: "#ff6b6b", size: 90, wide: 120, tall: 1.4, keys: [[0, { x: 140, y: -8, sx: -1, o: 0 }], [120, { o: 0.9 }], [640, { x: -150 }], [650, { o: 0 }]] },
    { name: "line-2", draw: "streak", ink: "#ffd75a", size: 90, wide: 120, tall: 1.2, keys: [[0, { x: -140, y: 14, sx: 1, o: 0 }], [820, { o: 0 }], [840, { o: 0.9 }], [1340, { x: 150 }], [1350, { o: 0 }]] },
    {
      name: "car", art: "racing-car", size: 66,
      keys: [
        [0, { x: 130, y: -6, s: 0.42, o: 0 }], [90, { o: 1 }], [600, { x: -130 }], [605, { o: 0, sx: -1, y: 16, s: 0.74 }], [800, { x: -136 }], [810, { o: 1 }], [1300, { x: 136 }], [1305, { o: 0, sx: 1, x: 136, y: 6, s: 1 }], [1450, {}], [1460, { o: 1 }, "cubic-bezier(.1,.8,.3,1)"],
        [2150, { x: 0, r: -5 }, "linear"], [2300, { r: 2, sx: 1 }, "in"], [2500, { sx: 0.1, y: 4 }, "linear"], [2700, { sx: -1, y: 6 }, "linear"], [2900, { sx: -0.1, y: 4 }, "linear"], [3100, { sx: 1, y: 6 }, "linear"], [3280, { sx: 0.1 }, "linear"], [3460, { sx: -1 }, "linear"], [3660, { sx: -0.1 }, "out"], [3900, { sx: 1, y: 4, r: -3 }, "soft"],
        [4150, { r: 0, y: 5 }, "soft"], [4450, { y: 4.4 }, "soft"], [4700, { x: 5, r: 1.5 }, "cubic-bezier(.6,0,.9,.4)"], [5300, { x: -136, r: -3 }], [5310, { o: 0 }],
      ],
    },
    { name: "cup", art: "trophy", px: 1024, size: 24, keys: [[0, { o: 0, y: -90, s: 0.8 }], [3700, { o: 0 }], [3720, { o: 1 }, "cubic-bezier(.5,0,.9,.6)"], [4060, { y: -21, s: 1 }, "out"], [4130, { sx: 1.1, sy: 0.86, y: -19 }, "soft"], [4350, { sx: 1, sy: 1, y: -24, r: 4 }, "soft"], [4650, { y: -22, r: -3 }, "in"], [5200, { y: -70, o: 0 }]] },
  ],
  camera: shake(1500, 2200, 0.5),
  sparks: [
    { at: 100, for: 480, rate: 120, follow: "car", from: [26, 8], spray: { kind: "streak", inks: RED, tall: 8, angle: 0, spread: 8, speed: 20, life: 380, size: 5 } },
    { at: 820, for: 480, rate: 120, follow: "car", from: [26, 8], spray: { kind: "smoke", inks: SMOKE, tall: 6, speed: 10, life: 700, size: 4, grow: 1.3, alpha: 0.6 } },
    { at: 1470, for: 700, rate: 70, follow: "car", from: [20, 9], spray: { kind: "smoke", inks: SMOKE, angle: 0, spread: 60, speed: 30, life: 1100, size: 5, grow: 1.4, alpha: 0.65 } },
    { at: 2200, for: 1600, rate: 66, from: [0, 15], spray: { kind: "smoke", inks: SMOKE, wide: 50, angle: -90, spread: 220, speed: 34, drag: 2, life: 1300, size: 6.4, grow: 1.4, alpha: 0.6 } },
    { at: 2300, for: 1300, rate: 30, from: [0, 16], spray: { kind: "star", inks: ["#ffd75a", "#ff8a3c"], wide: 44, angle: -90, spread: 160, speed: 56, gravity: 70, life: 620, size: 1.5 } },
    { at: 4080, from: [0, -18], spray: { kind: "confetti", inks: ["#ffffff", "#1b1b24", "#ff4d4d", "#ffd75a"], n: 70, angle: -90, spread: 170, speed: 90, gravity: 44, life: 2200, size: 2.3, flip: 8, spin: 200, sway: 0.8 } },
    { at: 4720, for: 560, rate: 90, follow: "car", from: [24, 9], spray: { kind: "smoke", inks: SMOKE, angle: 0, spread: 50, speed: 24, life: 900, size: 5, grow: 1.4, alpha: 0.6 } },
  ],
  score: [
    [0, "roar", { hz: 150, length: 0.7, peak: 0.26 }], [40, "whoosh", { hz: 1800, to: 500, length: 0.6, peak: 0.24 }], [780, "roar", { hz: 170, length: 0.7, peak: 0.28 }], [820, "whoosh", { hz: 1900, to: 420, length: 0.6, peak: 0.26 }], [1450, "roar", { hz: 190, length: 0.8, peak: 0.3 }], [1700, "whoosh", { hz: 2600, to: 2000, length: 0.6, peak: 0.14 }],
    [2250, "roar", { hz: 210, length: 1.6, peak: 0.34 }], [2300, "whoosh", { hz: 2800, to: 1900, length: 1.5, peak: 0.14 }], [4070, "boom", { hz: 150, peak: 0.3 }], [4080, "brass", { hz: 523, length: 0.3 }], [4250, "brass", { hz: 523, length: 0.3 }], [4420, "brass", { hz: 784, length: 0.9 }], [4420, "brass", { hz: 659, length: 0.9 }], [4700, "roar", { hz: 220, length: 0.9, peak: 0.3 }],
  ],
};
