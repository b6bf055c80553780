/* Themes: how a gift's art comes in, and what flies around it. A gift without a line of its own gets sparks in its colours. */

const falling = { gravity: 26, drag: 1.6, speed: 34, spread: 200, life: 2000, spin: 120, flip: 3, sway: 1.2, size: 4 };
const rising = { gravity: -9, drag: 1.4, speed: 22, spread: 150, life: 1700, sway: 1.4, size: 4 };
const bright = { kind: "star", gravity: 10, drag: 2.2, speed: 46, spread: 360, life: 1000, spin: 160, size: 3.8 };

const THEMES = {
  rose: { entry: "bloom", ...falling, kind: "petal", inks: ["#ff4d6d", "#e11d48", "#ff8fa3"] },
  bouquet: { entry: "bloom", ...falling, kind: "petal", inks: ["#ff7ab8", "#ffd166", "#b388ff", "#ff4d6d"] },
  heart: { entry: "beat", ...rising, kind: "heart", inks: ["#ff3b6b", "#ff7ea6", "#ffc1d4"] },
  panda: { entry: "drop", ...falling, kind: "leaf", inks: ["#43b36b", "#8ddf8f", "#2d8a54"] },
  doughnut: {
    entry: "toss",
    ...falling,
    gravity: 60,
    kind: "crumb",
    inks: ["#ff7ab8", "#6fd3ff", "#ffe066", "#9be564", "#ffffff"],
    size: 3,
    spin: 400,
  },
  butterfly: { entry: "flutter", ...rising, kind: "star", inks: ["#7cc7ff", "#b9a3ff", "#ffffff"], size: 3.4 },
  coffee: { entry: "drop", ...rising, kind: "smoke", inks: ["#fff4e6"], size: 6, grow: 1.2, alpha: 0.6 },
  balloon: { entry: "flutter", ...rising, kind: "bubble", inks: ["#ff8fa3", "#ffd166"] },
  crown: { entry: "drop", ...bright, inks: ["#ffd75a", "#fff3c4", "#ffb52e"] },
  diamond: { entry: "bloom", ...bright, inks: ["#7fe7ff", "#ffffff", "#c9a6ff"] },
  gem: { entry: "bloom", ...bright, inks: ["#7fe7ff", "#ffffff", "#c9a6ff"] },
  ring: { entry: "bloom", ...bright, inks: ["#ffe9a8", "#ffffff", "#9fe8ff"] },
  guitar: { entry: "toss", ...rising, kind: "note", inks: ["#ffcf5c", "#ff7a59", "#8de0ff"] },
  music: { entry: "drop", ...rising, kind: "note", inks: ["#b388ff", "#ff7ab8", "#8de0ff"] },
  swan: { entry: "flutter", ...falling, kind: "feather", gravity: 14, inks: ["#ffffff", "#e6f3ff"] },
  eagle: { entry: "toss", ...falling, kind: "feather", gravity: 14, inks: ["#c89f6a", "#fff3dd", "#7a5a3a"] },
  fire: { entry: "beat", ...rising, kind: "flame", inks: ["#ff7a2e", "#ff4d2e"], speed: 30 },
  whale: { entry: "drop", ...falling, kind: "bubble", gravity: 12, inks: ["#7fd6ff", "#c8f0ff"] },
  fish: { entry: "toss", ...rising, kind: "bubble", inks: ["#7fd6ff", "#c8f0ff"] },
  coin: { entry: "toss", ...falling, gravity: 70, kind: "coin", inks: ["#ffc93c", "#ffe08a"], flip: 9 },
  party: { entry: "drop", ...falling, kind: "confetti", inks: ["#ff5d8f", "#ffd166", "#5ad1ff", "#9be564"], flip: 8 },
};

const ENTRIES = ["drop", "toss", "bloom"];

export function themeOf(art, palette) {
  const own = THEMES[art];
  if (own) return own;
  return { entry: ENTRIES[(art ?? "").length % ENTRIES.length], ...bright, inks: [palette.main, palette.light, palette.second] };
}
