/* Rocket: three, two, one; it lifts off, and comes back across the whole picture with a tail of stars. */

import { shade, shake, shock } from "./parts.js";

const FIRE = ["#ff7a2e", "#ffb52e", "#ff4d2e"];
const SKY = ["#ffffff", "#8fd0ff", "#ffd75a", "#ff8fb8"];
const flight = [
  [0, { x: 0, y: 62, r: -45, s: 0.92, o: 1 }, "out"], [650, { y: 2 }, "soft"], [2250, { y: 2 }, "linear"], [2700, { y: 0 }, "in"], [3450, { y: -110, s: 0.8 }], [3460, { o: 0 }],
  [3560, { x: -112, y: 64, r: 0, s: 0.7 }], [3600, { o: 1 }, "out"], [4350, { x: -4, y: -2, s: 1.3, r: -3 }, "in"], [5050, { x: 116, y: -74, s: 1.05, r: 2 }], [5060, { o: 0 }],
];
const burning = [[0, { x: 0, y: 2, r: -45, s: 0.92, o: 0 }], [2220, { o: 0 }], [2300, { o: 1 }], ...flight.slice(3)];
const digit = (text, at) => ({ name: `count-${text}`, text, size: 32, keys: [[0, { o: 0, s: 1.9, y: -4 }], [at - 10, { o: 0 }, "out"], [at + 90, { o: 1, s: 1 }, "soft"], [at + 330, { s: 0.94 }, "in"], [at + 470, { o: 0, s: 0.5 }]] });

export const timeline = {
  length_ms: 6600,
  beats: { arrival: 0, reveal: 2250, climax: 4250, farewell: 5700 },
  layers: [
    shade("rgba(24, 60, 140, .82)", 6600, 5500),
    { name: "heat", draw: "glow", ink: "#ff8a3c", size: 46, keys: [[0, { y: 30, o: 0, s: 0.3 }], [2200, { o: 0 }, "out"], [2420, { o: 1, s: 1 }, "soft"], [2700, { s: 0.85 }, "in"], [3300, { o: 0, s: 0.5 }]] },
    { name: "flame", layer: ["rocket", "flame"], size: 56, keys: burning },
    { name: "body", layer: ["rocket", "body"], size: 56, keys: flight },
    digit("3", 760), digit("2", 1240), digit("1", 1720),
    shock(2330, "#ffd9a8", { y: 32, tilt: 68, reach: 2.6 }),
    shock(5080, "#ffffff", { x: 44, y: -26, reach: 1.8 }),
  ],
  camera: shake(2240, 1150, 1.2),
  sparks: [
    { at: 300, for: 1900, rate: 14, from: [0, 33], spray: { kind: "smoke", inks: ["#dfe7f2", "#c2cede"], wide: 18, speed: 9, angle: -90, spread: 170, life: 1400, size: 5, grow: 1.4, alpha: 0.6 } },
    { at: 2240, for: 1000, rate: 62, from: [0, 33], spray: { kind: "smoke", inks: ["#eef2f8", "#cfd8e6", "#ffcf9f"], wide: 12, speed: 56, angle: 90, spread: 190, drag: 2.4, life: 1700, size: 7, grow: 1.5, alpha: 0.75 } },
    { at: 2250, for: 1150, rate: 60, follow: "body", from: [-21, 21], spray: { kind: "fire", inks: FIRE, angle: 135, spread: 24, speed: 62, life: 520, size: 5, wide: 3 } },
    { at: 3600, for: 1400, rate: 90, follow: "body", from: [-22, 22], spray: { kind: "star", inks: SKY, angle: 135, spread: 50, speed: 26, gravity: 12, life: 1300, size: 2.3, spin: 120 } },
    { at: 3620, for: 1350, rate: 90, follow: "body", from: [-22, 22], spray: { kind: "fire", inks: FIRE, angle: 135, spread: 22, speed: 60, life: 480, size: 5.4 } },
    { at: 5090, from: [44, -26], spray: { kind: "star", inks: SKY, n: 60, speed: 84, life: 1500, size: 2.6, drag: 2.1, gravity: 16, spin: 140 } },
    { at: 5120, from: [0, -42], for: 800, rate: 46, spray: { kind: "confetti", inks: SKY, wide: 130, speed: 10, gravity: 30, life: 2000, size: 2, flip: 8, spin: 180, sway: 1 } },
  ],
  score: [
    [0, "rumble", { hz: 70, length: 2.4, peak: 0.2 }], [760, "pluck", { hz: 440, peak: 0.3 }], [1240, "pluck", { hz: 440, peak: 0.3 }], [1720, "pluck", { hz: 440, peak: 0.3 }], [2230, "pluck", { hz: 880, peak: 0.34, length: 0.8 }],
    [2240, "boom", { hz: 100, peak: 0.6, length: 1.2 }], [2240, "rumble", { hz: 220, length: 1.5, attack: 0.08, peak: 0.6 }], [3580, "whoosh", { hz: 240, to: 2600, length: 1.3, peak: 0.34 }], [4250, "brass", { hz: 392, length: 0.5 }],
    [4450, "brass", { hz: 494, length: 0.5 }], [4650, "brass", { hz: 587, length: 0.5 }], [5080, "boom", { hz: 140, peak: 0.45 }], [5090, "brass", { hz: 784, length: 1.2 }], [5110, "shimmer", { hz: 1175, n: 10 }],
  ],
};
