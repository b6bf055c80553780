/* Ferris wheel: it comes out of the dusk, its lamps go on, it turns with its cabins upright, and over it there are fireworks. */

import { boomAt, glow, shade } from "./parts.js";

const SIZE = 76;
const UNIT = SIZE / 32; // one unit of the drawing
const REACH = 9.93 * UNIT; // from the hub to a cabin
const HUB = [0.5025, 0.4372];
const LIFT = -4;
const LENGTH = 7800;
const STEP = 120;
const [STARTS, STOPS, TURNS] = [2000, 6300, 225];
const LAMPS = ["#ffe9a0", "#ffb84d", "#ff8fd0", "#9ad8ff"];

const ease = (share) => {
  const t = Math.min(1, Math.max(0, share));
  return t * t * t * (t * (6 * t - 15) + 10);
};
const turned = (ms) => TURNS * ease((ms - STARTS) / (STOPS - STARTS));
const speed = (ms) => (turned(ms + 60) - turned(ms - 60)) / 0.12; // degrees a second
const gently = (share) => {
  const t = Math.min(1, Math.max(0, share));
  return t * t * (3 - 2 * t);
};
/* It comes out of the dusk and rises a little, and goes as it came. From all the way below, its rims and spokes would
   flicker past the eye. */
const seen = (ms) => gently((ms - 150) / 1100) * (1 - gently((ms - 6500) / 1100));
const sunk = (ms) => 20 * (1 - gently(ms / 1700) + gently((ms - 6250) / 1400)) + LIFT;

const whole = (pose) => {
  const keys = [];
  for (let ms = 0; ms < LENGTH; ms += STEP) keys.push([ms, { o: seen(ms), ...pose(ms) }]);
  keys.push([LENGTH - 40, pose(LENGTH)], [LENGTH, { o: 0 }]);
  return keys;
};
const turning = (extra = () => ({})) => whole((ms) => ({ y: sunk(ms), r: turned(ms), ...extra(ms) }));

const cabin = (i) => {
  const inks = ["cabin-a", "cabin-b", "cabin-c", "cabin-d"];
  return {
    name: `cabin-${i}`,
    layer: ["ferris-wheel", inks[i % 4]],
    size: SIZE,
    origin: [HUB[0], 0.075],
    keys: whole((ms) => {
      const angle = ((i * 45 + turned(ms)) * Math.PI) / 180;
      const sway = Math.sin(ms / 210 + i * 1.9) * (1.5 + Math.min(6, speed(ms) / 16));
      return { x: REACH * Math.sin(angle), y: sunk(ms) + REACH * (1 - Math.cos(angle)), r: sway };
    }),
  };
};

/* The lamps breathe in two choirs. */
const lamps = (name, half) => ({
  name,
  layer: ["ferris-wheel", name],
  size: SIZE,
  origin: HUB,
  keys: turning((ms) => {
    const on = ease((ms - 1750 - half * 260) / 420) * (1 - ease((ms - 6000 - half * 200) / 380));
    return { o: on * (0.7 + 0.3 * Math.cos(ms / 190 + half * Math.PI)) };
  }),
});

export const timeline = {
  length_ms: LENGTH,
  beats: { arrival: 0, reveal: 1850, climax: 3700, farewell: 6150 },
  floor: 33,
  layers: [
    shade("rgba(60, 32, 130, .84)", LENGTH, 6800),
    {
      name: "sky",
      layer: ["comet", "night"],
      size: 164,
      scatter: true,
      keys: [
        [0, { o: 0, s: 0.9, r: 4, y: -6 }, "out"],
        [1400, { o: 0.85, s: 1 }],
        [6600, { r: -4 }, "in"],
        [7600, { o: 0 }],
      ],
    },
    glow("#ff9ad1", 1750, 6700, { y: LIFT - 5, size: 84, o: 0.5 }),
    { name: "stand", layer: ["ferris-wheel", "stand"], size: SIZE, keys: whole((ms) => ({ y: sunk(ms) })) },
    { name: "wheel", layer: ["ferris-wheel", "wheel"], size: SIZE, origin: HUB, keys: turning() },
    { name: "hub", layer: ["ferris-wheel", "hub"], size: SIZE, keys: whole((ms) => ({ y: sunk(ms) })) },
    lamps("bulbs-a", 0),
    lamps("bulbs-b", 1),
    ...Array.from({ length: 8 }, (_, i) => cabin(i)),
    {
      name: "ground",
      draw: "ground",
      ink: "#ffcf8a",
      size: 70,
      wide: 78,
      tall: 9,
      keys: [
        [0, { y: 30, sx: 0.2, o: 0 }, "out"],
        [1750, { sx: 0.6, o: 0.3 }, "out"],
        [2300, { sx: 1, o: 0.75 }],
        [6100, {}, "in"],
        [7200, { sx: 0.3, o: 0 }],
      ],
    },
  ],
  sparks: [
    { at: 1850, from: [0, LIFT - 5], spray: { kind: "star", inks: LAMPS, n: 40, speed: 76, life: 1300, size: 2.4, drag: 2, spin: 120 } },
    ...boomAt(3700, -42, -22, ["#ffd75a", "#ff8fd0", "#ffffff"], 30),
    ...boomAt(4250, 43, -26, ["#9ad8ff", "#b6ffcf", "#ffffff"], 30),
    ...boomAt(4850, -34, -32, ["#ff9a7a", "#ffe9a0", "#ffffff"], 26),
    ...boomAt(5350, 36, -20, ["#d7a8ff", "#ff8fd0", "#ffffff"], 26),
    {
      at: 2200,
      for: 4000,
      rate: 9,
      from: [0, 28],
      spray: {
        kind: "note",
        inks: ["#ffe9a0", "#ff8fd0", "#9ad8ff"],
        wide: 60,
        angle: -90,
        spread: 40,
        speed: 20,
        gravity: -4,
        life: 1900,
        size: 2.6,
        sway: 1.6,
      },
    },
    {
      at: 3900,
      for: 1700,
      rate: 16,
      from: [0, -42],
      spray: { kind: "confetti", inks: LAMPS, wide: 130, speed: 8, gravity: 22, life: 2300, size: 1.9, flip: 7, spin: 160, sway: 1 },
    },
  ],
  score: [
    [0, "rumble", { hz: 90, length: 2, peak: 0.22 }],
    [1750, "pluck", { hz: 196, peak: 0.2, length: 0.3 }],
    [1850, "shimmer", { hz: 1047, n: 8, length: 1 }],
    // a waltz of the fairground organ
    ...[
      [0, 262, 523],
      [1, 330, 659],
      [2, 392, 784],
      [3, 247, 784],
      [4, 294, 698],
      [5, 392, 587],
      [6, 220, 659],
      [7, 262, 523],
      [8, 330, 659],
      [9, 262, 1047],
      [10, 330, 988],
      [11, 392, 784],
    ].flatMap(([beat, low, high]) => [
      [2050 + beat * 330, "pluck", { hz: low, peak: beat % 3 ? 0.12 : 0.2, length: 0.34 }],
      [2060 + beat * 330, "bell", { hz: high, peak: 0.08, length: 0.6 }],
    ]),
    [3700, "boom", { hz: 130, peak: 0.34 }],
    [3720, "crackle", { length: 0.9 }],
    [4250, "boom", { hz: 120, peak: 0.3 }],
    [4850, "boom", { hz: 140, peak: 0.28 }],
    [5350, "boom", { hz: 118, peak: 0.3 }],
    [5380, "crackle", { length: 1 }],
    [5800, "pad", { hz: 262, length: 1.8, attack: 0.3 }],
    [6500, "whoosh", { hz: 700, to: 160, length: 1.1, peak: 0.1 }],
  ],
};
