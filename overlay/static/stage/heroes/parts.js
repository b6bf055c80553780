/* Parts that films share: plain layers and key lists. What makes a film its own is in its file. */

/* A dark pool with a coloured heart behind everything, so that a film reads on any picture. It only fades. */
export const shade = (ink, length_ms, farewell, size = 102) => ({
  name: "shade",
  draw: "shade",
  ink,
  size,
  keys: [
    [0, { o: 0 }, "out"],
    [900, { o: 1 }],
    [farewell, {}, "in"],
    [length_ms - 80, { o: 0 }],
  ],
});

/* A ring that runs outward at `at`. */
export const shock = (at, ink, { x = 0, y = 0, size = 34, reach = 2.3, ms = 800, tilt = 0 } = {}) => ({
  name: `shock-${at}`,
  draw: "ring",
  ink,
  size,
  keys: [
    [0, { x, y, o: 0, s: 0.2, tilt }],
    [at, { o: 0 }],
    [at + 40, { o: 0.95, s: 0.35 }, "out"],
    [at + ms, { o: 0, s: reach }],
  ],
});

/* A soft light that swells at `from` and dies at `to`. */
export const glow = (ink, from, to, { x = 0, y = 0, size = 46, o = 0.9 } = {}) => ({
  name: `glow-${from}`,
  draw: "glow",
  ink,
  size,
  keys: [
    [0, { x, y, o: 0 }],
    [from, { o: 0, s: 0.3 }, "out"],
    [from + 380, { o, s: 1 }, "soft"],
    [to - 420, { o: o * 0.8, s: 0.92 }, "in"],
    [to, { o: 0, s: 0.4 }],
  ],
});

/* Keys that rock between two poses, `step` ms each. */
export function rock(from, to, step, one, other) {
  const keys = [];
  for (let ms = from, i = 0; ms <= to; ms += step, i += 1) keys.push([ms, i % 2 ? other : one, "soft"]);
  return keys;
}

/* A camera that shakes from `at`, ever less. */
export function shake(at, ms, power = 1) {
  const keys = [
    [0, {}],
    [at, { x: 0, y: 0 }],
  ];
  const steps = Math.floor(ms / 75);
  for (let i = 1; i < steps; i += 1) {
    const left = power * (1 - i / steps);
    keys.push([at + i * 75, { x: (i % 2 ? 1 : -1) * left, y: (i % 4 < 2 ? 0.7 : -0.7) * left }]);
  }
  keys.push([at + ms, { x: 0, y: 0 }]);
  return keys;
}

/* The same keys, `late` ms later: what hangs on a body follows it. */
export const trail = (keys, late, change = {}) => keys.map(([ms, pose, ease], i) => [i ? ms + late : ms, { ...pose, ...change }, ease]);

/* A firework: stars that fall, and a crown of streaks. To be spread into `sparks`. */
export const boomAt = (at, x, y, inks, n = 34) => [
  { at, from: [x, y], spray: { kind: "star", inks, n, speed: 62, life: 1400, size: 2.3, drag: 2, gravity: 14, spin: 90 } },
  { at: at + 10, from: [x, y], spray: { kind: "streak", inks, n: Math.round(n * 0.6), speed: 110, life: 620, size: 4, drag: 2.8 } },
];
