/* Fireworks: three rockets climb and open, each its own colour, then the whole sky answers. */

import { boomAt, shade } from "./parts.js";

const GOLD = ["#ffd75a", "#ffb52e", "#fff3c4"];
const BLUE = ["#5ad1ff", "#a7f0d6", "#ffffff"];
const PINK = ["#ff7ad9", "#b79bff", "#ffffff"];
const ALL = [...GOLD, ...BLUE, ...PINK];
const climb = (at, ms, path) => ({
  at,
  for: ms,
  rate: 90,
  path,
  spray: { kind: "fire", inks: ["#ff9d4d", "#ffd75a"], angle: 90, spread: 30, speed: 14, life: 420, size: 2.2 },
});
const opens = (name, at, until, keys = []) => ({
  name: `${name}-${at}`,
  layer: ["fireworks", name],
  size: 84,
  keys: [
    [0, { o: 0, s: 0.2 }],
    [at, { o: 0 }, "out"],
    [at + 110, { o: 1 }, "out"],
    [at + 620, { s: 1, r: 0 }, "soft"],
    ...keys,
    [until - 500, { s: 1.06, y: 2 }, "in"],
    [until, { o: 0, y: 6, s: 1.1 }],
  ],
});

export const timeline = {
  length_ms: 6400,
  beats: { arrival: 0, reveal: 1000, climax: 3300, farewell: 5300 },
  layers: [
    shade("rgba(30, 22, 84, .9)", 6400, 5400),
    opens("left", 1750, 3500),
    opens("right", 2300, 4000),
    opens("top", 1000, 3100),
    opens("top", 3300, 5600, [[4300, { r: 12 }, "soft"]]),
    opens("left", 3600, 5500, [[4400, { r: -8 }, "soft"]]),
    opens("right", 3800, 5600, [[4500, { r: 8 }, "soft"]]),
  ],
  sparks: [
    climb(120, 850, [
      [-6, 58],
      [-3, 10],
      [1, -18],
    ]),
    ...boomAt(1000, 1, -20, GOLD, 40),
    climb(1050, 680, [
      [-46, 58],
      [-34, 30],
      [-25, 16],
    ]),
    ...boomAt(1750, -24, 14, BLUE, 28),
    climb(1600, 680, [
      [44, 58],
      [34, 30],
      [25, 16],
    ]),
    ...boomAt(2300, 24, 14, PINK, 28),
    climb(2650, 620, [
      [8, 58],
      [2, 10],
      [1, -18],
    ]),
    ...boomAt(3300, 1, -20, GOLD, 60),
    ...boomAt(3600, -24, 14, BLUE),
    ...boomAt(3800, 24, 14, PINK),
    ...boomAt(4100, -44, -20, PINK, 26),
    ...boomAt(4280, 44, -24, BLUE, 26),
    ...boomAt(4560, 0, -4, GOLD, 56),
    {
      at: 4600,
      for: 1000,
      rate: 60,
      from: [0, -30],
      spray: { kind: "dot", inks: ALL, wide: 120, tall: 30, speed: 4, gravity: 16, life: 1500, size: 1.5 },
    },
  ],
  score: [
    [100, "whoosh", { hz: 400, to: 2600, length: 0.85, peak: 0.16 }],
    [1000, "boom", { hz: 150, peak: 0.55 }],
    [1060, "crackle", { length: 1 }],
    [1050, "whoosh", { hz: 400, to: 2400, length: 0.68, peak: 0.12 }],
    [1750, "boom", { hz: 190, peak: 0.4 }],
    [1800, "crackle", { length: 0.7 }],
    [2300, "boom", { hz: 210, peak: 0.4 }],
    [2350, "crackle", { length: 0.7 }],
    [2640, "whoosh", { hz: 300, to: 3200, length: 0.65, peak: 0.2 }],
    [3300, "boom", { hz: 120, peak: 0.65, length: 1.3 }],
    [3310, "brass", { hz: 523, length: 1 }],
    [3310, "brass", { hz: 659, length: 1 }],
    [3600, "boom", { hz: 190, peak: 0.35 }],
    [3800, "boom", { hz: 210, peak: 0.35 }],
    [4100, "boom", { hz: 230, peak: 0.3 }],
    [4280, "boom", { hz: 200, peak: 0.3 }],
    [4560, "boom", { hz: 110, peak: 0.6, length: 1.4 }],
    [4570, "brass", { hz: 784, length: 1.3 }],
    [4600, "crackle", { length: 1.6, n: 34 }],
    [4600, "shimmer", { hz: 1175, n: 10, length: 2 }],
  ],
};
