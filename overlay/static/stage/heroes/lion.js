/* Lion: a sun comes up behind it, the mane opens, it roars, and is crowned. */

const GOLD = ["#ffd75a", "#ffb52e", "#fff0b8", "#ff8a3c"];

export const timeline = {
  length_ms: 7600,
  beats: { arrival: 0, reveal: 1250, climax: 2750, farewell: 6500 },
  layers: [
    { name: "shade", draw: "shade", ink: "rgba(224, 96, 24, .8)", size: 102, keys: [[0, { o: 0 }, "out"], [1100, { o: 1 }], [6500, {}, "in"], [7500, { o: 0 }]] },
    { name: "sun", draw: "disc", ink: "#ffb52e", size: 54, keys: [[0, { o: 0, y: 58, s: 0.7 }, "out"], [200, { o: 0.9 }, "out"], [1500, { y: -6, s: 1 }, "soft"], [4300, { y: -8, s: 1.06 }], [6500, {}, "in"], [7450, { y: 60, o: 0 }]] },
    { name: "rays", draw: "rays", ink: "#ffe08a", size: 88, rich: true, keys: [[1100, { o: 0, s: 0.5, y: -6 }, "out"], [2000, { o: 0.4, s: 1, r: 14 }], [6300, { r: 80 }, "in"], [7200, { o: 0, s: 0.6, r: 90 }]] },
    { name: "shock", draw: "ring", ink: "#ffe9a8", size: 40, keys: [[0, { o: 0, s: 0.5, y: 8 }], [2990, { o: 0, s: 0.5 }], [3030, { o: 0.95, s: 0.7 }, "out"], [3800, { o: 0, s: 2.6 }]] },
    { name: "echo", draw: "ring", ink: "#ff9d4d", size: 40, keys: [[0, { o: 0, s: 0.5, y: 8 }], [3290, { o: 0, s: 0.5 }], [3330, { o: 0.8, s: 0.7 }, "out"], [4150, { o: 0, s: 2.3 }]] },
    {
      name: "mane", layer: ["lion", "mane"], size: 57, origin: [0.5, 0.55],
      keys: [
        [0, { o: 0, y: 66, s: 0.5 }, "out"], [420, { o: 1 }, "out"], [1150, { y: 6, s: 0.62, r: 0 }, "back"], [1750, { y: 0, s: 1.02, r: -4 }, "soft"], [2250, { r: 3, s: 0.98 }, "soft"],
        [2700, { s: 0.86, r: 0, y: 3 }, "out"], [3000, { s: 1.3, y: -2, r: -3 }, "linear"], [3110, { r: 3, s: 1.27 }], [3220, { r: -3, s: 1.31 }], [3330, { r: 3, s: 1.28 }], [3440, { r: -2, s: 1.31 }],
        [3550, { r: 2, s: 1.28 }], [3660, { r: -2, s: 1.3 }], [3800, { r: 1, s: 1.26 }, "soft"], [4300, { s: 1.02, r: 0, y: 0 }, "soft"], [4980, { y: 2.4, s: 0.98 }, "soft"],
        [5400, { y: -1, s: 1.02, r: -2 }, "soft"], [6000, { r: 2 }, "soft"], [6500, { r: 0, y: 0, s: 1 }, "in"], [7350, { y: 74, s: 0.8, o: 1 }], [7500, { o: 0 }],
      ],
    },
    {
      name: "face", layer: ["lion", "face"], size: 57, origin: [0.5, 0.6],
      keys: [
        [0, { o: 0, y: 62, s: 0.7 }, "out"], [300, { o: 1 }, "out"], [1150, { y: 4, s: 0.9, r: 0 }, "soft"], [1600, { y: 0, s: 1, r: -5 }, "soft"], [2100, { r: 5 }, "soft"],
        [2500, { r: 0 }, "soft"], [2740, { s: 0.86, sy: 0.93, y: 6 }, "out"], [3000, { s: 1.2, sx: 0.98, sy: 1.14, y: -1 }, "linear"], [3110, { y: 0.6 }], [3220, { y: -1 }], [3330, { y: 0.6 }], [3440, { y: -1 }],
        [3550, { y: 0.4 }], [3800, { y: -0.4, sy: 1.1 }, "soft"], [4300, { s: 1, sx: 1, sy: 1, y: 0 }, "soft"], [4900, { y: 0 }, "out"], [4990, { y: 4, sy: 0.93, sx: 1.04 }, "soft"],
        [5300, { y: -1, sy: 1.02, sx: 1 }, "soft"], [5700, { y: 0, sy: 1, r: -3 }, "soft"], [6200, { r: 3 }, "soft"], [6500, { r: 0 }, "in"], [7350, { y: 74, s: 0.84 }], [7500, { o: 0 }],
      ],
    },
    {
      name: "crown", art: "crown", size: 27,
      keys: [
        [0, { o: 0, y: -92, r: 40, s: 1.2 }], [4380, { o: 0 }], [4400, { o: 1 }, "cubic-bezier(.5,0,.9,.6)"], [4930, { y: -25, r: -4, s: 1 }, "out"], [5000, { y: -22.5, sx: 1.12, sy: 0.8 }, "soft"],
        [5250, { y: -30, sx: 0.96, sy: 1.08, r: -9 }, "soft"], [5500, { y: -25.5, sx: 1.02, sy: 0.97, r: -7 }, "soft"], [6000, { y: -26.5, sx: 1, sy: 1, r: -4 }, "soft"], [6500, { y: -26 }, "in"], [7350, { y: 46, r: -2 }], [7480, { o: 0 }],
      ],
    },
  ],
  camera: [[0, {}], [2980, {}], [3040, { x: 0.9, y: -0.7 }], [3120, { x: -0.9, y: 0.6 }], [3200, { x: 0.8, y: 0.5 }], [3280, { x: -0.7, y: -0.6 }], [3360, { x: 0.6, y: 0.4 }], [3440, { x: -0.5, y: 0.3 }], [3540, { x: 0.3, y: 0 }], [3700, { x: 0, y: 0 }]],
  sparks: [
    { at: 100, for: 2400, rate: 22, from: [0, 36], spray: { kind: "dot", inks: GOLD, wide: 90, tall: 12, angle: -90, spread: 40, speed: 16, gravity: -6, sway: 1.6, life: 2200, size: 1.5 } },
    { at: 1300, spray: { kind: "star", inks: GOLD, n: 28, speed: 56, life: 1300, size: 2.4, drag: 2.2, spin: 140 } },
    { at: 3000, spray: { kind: "streak", inks: GOLD, n: 44, speed: 150, life: 800, size: 8, drag: 2.4 }, from: [0, 10] },
    { at: 3010, for: 700, rate: 60, from: [0, 13], spray: { kind: "fire", inks: ["#ff8a3c", "#ffb52e"], speed: 70, spread: 360, life: 700, size: 3.4, drag: 2 } },
    { at: 4950, spray: { kind: "star", inks: ["#fff7d6", "#ffd75a", "#ffffff"], n: 46, speed: 66, life: 1500, size: 3, drag: 2.3, gravity: 16, spin: 180 }, from: [0, -26] },
    { at: 4960, spray: { kind: "confetti", inks: GOLD, n: 50, angle: -90, spread: 150, speed: 84, gravity: 42, life: 2400, size: 2.3, drag: 1.5, flip: 8, spin: 200, sway: 0.8 }, from: [0, -24] },
    { at: 6500, for: 800, rate: 34, from: [0, 22], spray: { kind: "dot", inks: GOLD, wide: 60, tall: 20, angle: -90, spread: 60, speed: 18, life: 1200, size: 1.8 } },
  ],
  score: [
    [0, "rumble", { hz: 80, length: 2.2, peak: 0.3 }], [200, "pad", { hz: 98, length: 3, peak: 0.09 }], [1250, "boom", { peak: 0.35 }], [1260, "brass", { hz: 196, length: 0.9 }], [1260, "brass", { hz: 294, length: 0.9 }],
    [2700, "whoosh", { length: 0.4, hz: 200, to: 900 }], [2960, "roar", { length: 1.7, peak: 0.5 }], [2990, "boom", { peak: 0.6, length: 1.4 }], [4400, "whoosh", { hz: 2400, to: 500, length: 0.55, peak: 0.12 }],
    [4960, "brass", { hz: 392, length: 0.35 }], [5140, "brass", { hz: 494, length: 0.35 }], [5320, "brass", { hz: 587, length: 1.2 }], [5320, "brass", { hz: 784, length: 1.3 }], [4970, "shimmer", { hz: 1175, n: 10 }], [6500, "whoosh", { hz: 900, to: 160, length: 0.9, peak: 0.14 }],
  ],
};
