/* Phoenix: ash glows, fire stands up, wings open in it and beat, and it climbs away burning. */

import { glow, shade, shock } from "./parts.js";

const FIRE = ["#ff5a1f", "#ff8a2e", "#ffc14d"];
const body = [
  [0, { o: 0, y: 58, s: 0.4 }],
  [1250, { o: 0, y: 40 }],
  [1290, { o: 1 }, "out"],
  [2200, { y: -4, s: 1.02 }, "soft"],
  [2600, { y: 1, s: 1 }, "soft"],
  [3000, { y: -3 }, "soft"],
  [3350, { y: 4, s: 0.92 }, "out"],
  [3700, { y: -6, s: 1.2 }, "soft"],
  [4300, { y: -1, s: 1.1 }, "soft"],
  [4800, { y: -4, s: 1.08 }, "soft"],
  [5300, { y: 0, s: 1.04 }, "soft"],
  [5900, { y: 5, s: 0.96 }, "linear"], // the climb is written out: the wings stay on it
  [6120, { y: 0.4, s: 0.94 }, "linear"],
  [6340, { y: -16, s: 0.89 }, "linear"],
  [6560, { y: -47, s: 0.78 }, "linear"],
  [6800, { y: -98, s: 0.6 }],
  [6840, { o: 0 }],
];
/* The wings ride on the body and beat: `side` is 1 for the right one. */
const wing = (side) => {
  const beats = [
    [1290, 62],
    [2200, 8],
    [2400, 24],
    [2600, -4],
    [2800, 20],
    [3000, -6],
    [3350, 58],
    [3700, -22],
    [4300, -14],
    [4550, 16],
    [4800, -12],
    [5050, 16],
    [5300, -8],
    [5900, 52],
    [6120, -16],
    [6340, 30],
    [6560, -10],
    [6800, 30],
  ];
  const ms = [...new Set([...body, ...beats].map(([at]) => at))].sort((a, b) => a - b);
  return ms.map((at) => {
    const own = body.find(([when]) => when === at);
    const turn = beats.find(([when]) => when === at);
    return [at, { ...(own?.[1] ?? between(at)), ...(turn ? { r: turn[1] * side } : {}) }, own?.[2] ?? "soft"];
  });
};
function between(at) {
  const next = body.findIndex(([when]) => when > at);
  const [[t0, a], [t1, b]] = [body[next - 1], body[next]];
  const part = (at - t0) / (t1 - t0);
  const mix = (key) => (a[key] !== undefined && b[key] !== undefined ? { [key]: a[key] + (b[key] - a[key]) * part } : {});
  return { ...mix("y"), ...mix("s") };
}

export const timeline = {
  length_ms: 7100,
  beats: { arrival: 0, reveal: 1350, climax: 3400, farewell: 5900 },
  layers: [
    shade("rgba(150, 40, 16, .85)", 7100, 6000),
    glow("#ff7a2e", 500, 2300, { y: 26, size: 54 }),
    { name: "left", layer: ["phoenix", "left-wing"], size: 60, origin: [0.46, 0.62], keys: wing(-1) },
    { name: "right", layer: ["phoenix", "right-wing"], size: 60, origin: [0.54, 0.62], keys: wing(1) },
    { name: "body", layer: ["phoenix", "body"], size: 60, keys: body },
    shock(3680, "#ffd08a", { y: -4, reach: 2.7, ms: 950 }),
  ],
  sparks: [
    {
      at: 60,
      for: 1200,
      rate: 34,
      from: [0, 30],
      spray: {
        kind: "dot",
        inks: FIRE,
        wide: 40,
        tall: 4,
        angle: -90,
        spread: 60,
        speed: 20,
        gravity: -10,
        sway: 1.2,
        life: 1300,
        size: 1.4,
      },
    },
    {
      at: 900,
      for: 1300,
      rate: 110,
      from: [0, 32],
      spray: {
        kind: "fire",
        inks: FIRE,
        wide: 22,
        angle: -90,
        spread: 24,
        speed: 74,
        gravity: -20,
        drag: 1.6,
        life: 760,
        size: 6,
        grow: -0.3,
      },
    },
    {
      at: 2200,
      for: 1200,
      rate: 26,
      follow: "body",
      from: [4, 22],
      spray: { kind: "fire", inks: FIRE, angle: 90, spread: 50, speed: 22, life: 600, size: 3.4 },
    },
    {
      at: 3680,
      spray: {
        kind: "feather",
        inks: ["#ff8a3c", "#ffd75a", "#ff5a3c"],
        n: 44,
        speed: 84,
        gravity: 20,
        drag: 1.8,
        life: 2300,
        size: 3.2,
        spin: 120,
        flip: 4,
        sway: 1.4,
      },
    },
    { at: 3690, spray: { kind: "streak", inks: FIRE, n: 50, speed: 160, life: 850, size: 7, drag: 2 } },
    {
      at: 3700,
      for: 700,
      rate: 70,
      spray: { kind: "fire", inks: FIRE, spread: 360, wide: 30, tall: 20, speed: 44, gravity: -16, life: 720, size: 4.4 },
    },
    {
      at: 5950,
      for: 850,
      rate: 110,
      follow: "body",
      from: [4, 18],
      spray: { kind: "fire", inks: FIRE, angle: 90, spread: 40, speed: 46, life: 800, size: 5 },
    },
  ],
  score: [
    [0, "crackle", { length: 1.4, n: 18 }],
    [800, "rumble", { hz: 300, length: 1.6, peak: 0.34 }],
    [1300, "pad", { hz: 146.8, length: 3 }],
    [1300, "whoosh", { hz: 200, to: 1800, length: 0.9 }],
    [2200, "whoosh", { hz: 500, to: 240, length: 0.35, peak: 0.16 }],
    [2600, "whoosh", { hz: 500, to: 240, length: 0.35, peak: 0.16 }],
    [3000, "whoosh", { hz: 500, to: 240, length: 0.35, peak: 0.16 }],
    [3680, "boom", { hz: 110, peak: 0.55, length: 1.2 }],
    [3690, "brass", { hz: 293.7, length: 1.2 }],
    [3690, "brass", { hz: 440, length: 1.2 }],
    [3700, "brass", { hz: 587, length: 1.5 }],
    [3750, "shimmer", { hz: 1175, n: 11, length: 2 }],
    [4550, "whoosh", { hz: 500, to: 240, length: 0.4, peak: 0.16 }],
    [5900, "whoosh", { hz: 260, to: 3000, length: 1, peak: 0.3 }],
    [6100, "crackle", { length: 0.9 }],
  ],
};
