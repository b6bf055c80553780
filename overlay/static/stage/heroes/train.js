/* Train: far whistle, it thunders in, stops in its own steam, greets, and pulls away. */

import { rock, shade, shake } from "./parts.js";

const STEAM = ["#ffffff", "#e9edf5", "#d7dde8"];
const ride = [
  [0, { x: 122, y: 2, o: 0 }], [500, { o: 1 }, "cubic-bezier(.2,.7,.3,1)"], [1900, { x: 3, r: -1.4 }, "soft"], [2120, { x: 0, r: 2 }, "soft"], [2340, { x: 1, r: 0 }, "soft"],
  ...rock(2600, 4400, 300, { y: 1, sy: 0.985 }, { y: 2, sy: 1.01 }), [4600, { x: 1, y: 2, sy: 1, r: 0 }, "in"], [4900, { x: 4, r: 1.6 }, "cubic-bezier(.6,0,.9,.5)"], [5900, { x: -122, r: -1 }], [5920, { o: 0 }],
];

export const timeline = {
  length_ms: 6300,
  floor: 31,
  beats: { arrival: 0, reveal: 1900, climax: 2700, farewell: 4700 },
  layers: [
    shade("rgba(120, 60, 40, .8)", 6300, 5300),
    { name: "lamp", draw: "glow", ink: "#ffe9a8", size: 48, keys: [[0, { o: 0, x: 90, y: 6, s: 0.2 }], [100, { o: 0.9 }, "cubic-bezier(.2,.7,.3,1)"], [1900, { x: -26, s: 1, o: 0.8 }, "soft"], [2700, { o: 0.5 }, "out"], [2900, { o: 0.9, s: 1.15 }, "soft"], [4600, { o: 0.6, s: 1 }, "in"], [5700, { x: -120, o: 0 }]] },
    { name: "steam", layer: ["train", "steam"], size: 58, keys: ride.map(([ms, pose, ease]) => [ms, { ...pose, s: ms > 2200 && ms < 4600 ? 1.06 : 1 }, ease]) },
    { name: "engine", layer: ["train", "engine"], size: 58, keys: ride },
    { name: "rail", draw: "streak", ink: "#8c7468", wide: 150, tall: 1, size: 150, keys: [[0, { y: 30, o: 0 }], [400, { o: 0.9 }], [5600, { o: 0.9 }], [6200, { o: 0 }]] },
  ],
  camera: shake(900, 1000, 0.5),
  sparks: [
    { at: 300, for: 1700, rate: 26, follow: "engine", from: [-12, -26], spray: { kind: "smoke", inks: STEAM, angle: -60, spread: 40, speed: 22, gravity: -8, life: 1500, size: 5, grow: 1.5, alpha: 0.75 } },
    { at: 1500, for: 500, rate: 60, follow: "engine", from: [8, 27], spray: { kind: "star", inks: ["#ffd75a", "#ff8a3c"], angle: 10, spread: 60, speed: 40, gravity: 50, life: 500, size: 1.4 } },
    { at: 2000, for: 500, rate: 70, from: [-4, 27], spray: { kind: "smoke", inks: STEAM, wide: 40, angle: 90, spread: 200, speed: 40, drag: 2.6, life: 1400, size: 6, grow: 1.3, alpha: 0.7 } },
    { at: 2720, for: 420, rate: 60, from: [-12, -26], spray: { kind: "smoke", inks: STEAM, angle: -90, spread: 26, speed: 80, gravity: -10, life: 1300, size: 5.4, grow: 1.6, alpha: 0.8 } },
    { at: 2740, from: [-12, -26], spray: { kind: "confetti", inks: ["#ff5d8f", "#ffd166", "#5ad1ff", "#9be564"], n: 60, angle: -90, spread: 110, speed: 96, gravity: 44, life: 2400, size: 2.2, flip: 8, spin: 200, sway: 0.8 } },
    { at: 3340, for: 420, rate: 60, from: [-12, -26], spray: { kind: "smoke", inks: STEAM, angle: -90, spread: 26, speed: 80, gravity: -10, life: 1300, size: 5.4, grow: 1.6, alpha: 0.8 } },
    { at: 4700, for: 1100, rate: 34, follow: "engine", from: [-12, -26], spray: { kind: "smoke", inks: STEAM, angle: -50, spread: 50, speed: 24, gravity: -8, life: 1400, size: 5, grow: 1.5, alpha: 0.7 } },
  ],
  score: [
    [0, "bell", { hz: 587, length: 0.8 }], [0, "rumble", { hz: 110, length: 2.2, peak: 0.4 }], ...[300, 520, 740, 960, 1200, 1460, 1760].map((at) => [at, "boom", { hz: 90, peak: 0.22, length: 0.18 }]), [1900, "whoosh", { hz: 2600, to: 500, length: 0.8, peak: 0.2 }],
    [2720, "brass", { hz: 466, length: 0.5 }], [2720, "brass", { hz: 587, length: 0.5 }], [2720, "brass", { hz: 698, length: 0.5 }], [3340, "brass", { hz: 466, length: 0.8 }], [3340, "brass", { hz: 587, length: 0.8 }], [3340, "brass", { hz: 698, length: 0.8 }],
    ...[4700, 5000, 5240, 5440, 5600, 5740].map((at) => [at, "boom", { hz: 90, peak: 0.22, length: 0.18 }]), [4700, "rumble", { hz: 110, length: 1.4, peak: 0.3 }],
  ],
};
