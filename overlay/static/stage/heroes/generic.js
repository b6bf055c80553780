/* The generic film: any art as a hero, in its own colours. Also the calm film, for `calm` and prefers-reduced-motion. */

export function generic(art, palette, px = 1024) {
  const inks = [palette.main, palette.light, palette.second, "#ffffff"];
  return {
    length_ms: 5200,
    beats: { arrival: 0, reveal: 1050, climax: 2300, farewell: 4250 },
    layers: [
      {
        name: "shade",
        draw: "shade",
        size: 102,
        keys: [
          [0, { o: 0 }, "out"],
          [900, { o: 1 }],
          [4300, {}, "in"],
          [5200, { o: 0 }],
        ],
      },
      {
        name: "rays",
        draw: "rays",
        ink: palette.main,
        size: 66,
        rich: true,
        keys: [
          [900, { o: 0, s: 0.2 }, "out"],
          [1500, { o: 0.5, s: 1, r: 18 }],
          [4200, { r: 70 }, "in"],
          [4900, { o: 0, s: 0.4, r: 80 }],
        ],
      },
      {
        name: "glow",
        draw: "glow",
        ink: palette.main,
        size: 64,
        keys: [
          [500, { o: 0, s: 0.2 }, "out"],
          [1150, { o: 0.85, s: 1 }, "soft"],
          [2250, { s: 0.86 }, "out"],
          [2500, { s: 1.2, o: 1 }, "soft"],
          [4200, { s: 0.9, o: 0.7 }, "in"],
          [5000, { o: 0, s: 0.2 }],
        ],
      },
      {
        name: "ring",
        draw: "ring",
        ink: palette.light,
        size: 50,
        keys: [
          [0, { o: 0, s: 0.4 }],
          [2340, { o: 0, s: 0.4 }, "out"],
          [2420, { o: 0.9, s: 0.6 }, "out"],
          [3200, { o: 0, s: 2 }],
        ],
      },
      {
        name: "gift",
        art,
        px,
        size: 56,
        keys: [
          [0, { y: 70, s: 0.4, r: -30, o: 0 }, "out"],
          [140, { o: 1 }, "out"],
          [950, { y: -5, s: 1.06, r: 7 }, "soft"],
          [1350, { y: 1, s: 0.97, r: -3 }, "soft"],
          [1800, { y: -1.5, s: 1, r: 2 }, "soft"],
          [2200, { y: 3, s: 0.84, sx: 1.08, sy: 0.9, r: 0 }, "out"],
          [2440, { y: -7, s: 1.34, sx: 0.95, sy: 1.06 }, "soft"],
          [2900, { y: -2, s: 1.12, sx: 1, sy: 1, r: -3 }, "soft"],
          [3600, { r: 3, y: -4 }, "soft"],
          [4250, { y: 2, s: 0.92, r: 0 }, "in"],
          [4950, { y: -60, s: 0.3, r: 24, o: 0 }],
        ],
      },
    ],
    sparks: [
      {
        at: 60,
        for: 900,
        rate: 34,
        path: [
          [0, 60],
          [0, -2],
        ],
        spray: { kind: "star", inks, speed: 8, spread: 360, life: 800, size: 2.2 },
      },
      { at: 1020, spray: { kind: "star", inks, n: 34, speed: 62, life: 1200, size: 2.6, drag: 2.4, gravity: 10, spin: 160 } },
      {
        at: 2420,
        spray: { kind: "confetti", inks, n: 64, speed: 92, life: 2600, size: 2.6, drag: 1.7, gravity: 34, spin: 220, flip: 7, sway: 0.8 },
      },
      { at: 2430, spray: { kind: "streak", inks, n: 26, speed: 120, life: 650, size: 6, drag: 2.6 } },
      {
        at: 4300,
        for: 600,
        rate: 46,
        path: [
          [0, 0],
          [0, -44],
        ],
        spray: { kind: "dot", inks, speed: 14, life: 900, size: 2.4, gravity: 8 },
      },
    ],
    score: [
      [0, "whoosh", { length: 1 }],
      [1000, "boom", { peak: 0.32 }],
      [1010, "shimmer", { hz: 880 }],
      [1200, "pad", { hz: 196, length: 3.4 }],
      [2380, "boom", { peak: 0.5 }],
      [2390, "brass", { hz: 392 }],
      [2390, "brass", { hz: 494 }],
      [2390, "brass", { hz: 587, length: 1 }],
      [2600, "shimmer", { hz: 1175, n: 9 }],
      [4250, "whoosh", { hz: 1800, to: 260, length: 0.8 }],
    ],
  };
}

export const calm = (art, length_ms, px = 1024) => ({
  length_ms,
  beats: { arrival: 0, reveal: 500, climax: 1500, farewell: length_ms - 1000 },
  layers: [
    {
      name: "shade",
      draw: "shade",
      size: 102,
      keys: [
        [0, { o: 0 }, "soft"],
        [900, { o: 0.85 }],
        [length_ms - 1000, {}, "soft"],
        [length_ms, { o: 0 }],
      ],
    },
    {
      name: "gift",
      art,
      px,
      size: 52,
      keys: [
        [0, { o: 0 }, "soft"],
        [900, { o: 1 }],
        [length_ms - 1000, {}, "soft"],
        [length_ms, { o: 0 }],
      ],
    },
  ],
  score: [
    [0, "pad", { hz: 262, length: 3, peak: 0.05 }],
    [500, "bell", { hz: 784 }],
  ],
});
