/* What lies in a vase, and where. No DOM, and no chance: the same gifts lie in the same places after every reload.

   Lengths are those of the jar: it is 100 wide. Inside, x runs from the left wall and y up from the floor. */

import { shapeOf } from "./room.js";

export const JAR = { width: 100, height: 130, left: 7.5, floor: 124, inner: 85, corner: 27, deep: 75, shoulder: 72, mouth: 14 };
export const HEAD = 26; // above the jar, from where gifts fall
const LABEL = 19;
const ASIDE = 92; // beside it, in a low source
const ASIDE_LEAST = 124; // px, for its label to be read
const READABLE = 12; // px
const DENSITY = 0.8; // of what is filled, the share that circles can take

/* Radius of a piece that takes so much room (10: a small gift) in a jar for so many small ones. */
export const radiusOf = (room, capacity) => Math.sqrt((DENSITY * JAR.inner * JAR.deep * room) / (10 * Math.PI * capacity));

/* One of the numbers 0 … 1 that belong to `seed`, always the same. */
export function chance(seed) {
  let t = (seed + 1) * 0x9e3779b9;
  t = Math.imul(t ^ (t >>> 16), 0x21f0aaad);
  t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
  return ((t ^ (t >>> 15)) >>> 0) / 4294967296;
}

/* Every piece of a state by itself, from the bottom up. key: which of its kind it is. */
export function piecesOf({ pieces, gifts, capacity }) {
  const found = [];
  const counts = new Map();
  for (const [at, units] of pieces)
    for (let i = 0; i < units; i += 1) {
      const { gift, room } = gifts[at];
      const nth = counts.get(gift.id) ?? 0;
      counts.set(gift.id, nth + 1);
      found.push({ key: `${gift.id}#${nth}`, art: gift.art, r: radiusOf(room, capacity) });
    }
  return found;
}

/* Where two circles around these points meet. */
function meet(a, ra, b, rb) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const d = Math.hypot(dx, dy);
  if (d > ra + rb || d < Math.abs(ra - rb) || d === 0) return [];
  const along = (ra * ra - rb * rb + d * d) / (2 * d);
  const off = Math.sqrt(Math.max(0, ra * ra - along * along));
  const [mx, my] = [a.x + (along * dx) / d, a.y + (along * dy) / d];
  return [
    { x: mx - (off * dy) / d, y: my + (off * dx) / d },
    { x: mx + (off * dy) / d, y: my - (off * dx) / d },
  ];
}

const CORNERS = [
  { x: JAR.corner, y: JAR.corner },
  { x: JAR.inner - JAR.corner, y: JAR.corner },
];
const SLACK = 1e-6;

function inside({ x, y }, r) {
  const narrow = Math.max(0, y - JAR.shoulder) * 0.8;
  if (y < r - SLACK || x < r + narrow - SLACK || x > JAR.inner - r - narrow + SLACK) return false;
  if (y >= JAR.corner) return true;
  const corner = x < JAR.corner ? CORNERS[0] : x > JAR.inner - JAR.corner ? CORNERS[1] : null;
  return !corner || Math.hypot(x - corner.x, y - corner.y) <= JAR.corner - r + SLACK;
}

/* Lays pieces, each where it lies lowest: on the floor, at a wall, between others. What is appended to a list moves
   nothing of it. */
export function createPile() {
  const lying = []; // { key, x, y, r, turn }

  function settle(r, seed) {
    let best = null;
    const lean = (at) => at.y + Math.abs(at.x - JAR.inner / 2) * 0.09 + chance(seed * 31 + Math.round(at.x * 8)) * r * 0.4; // a gentle, uneven heap
    const offer = (at) => {
      if (!Number.isFinite(at.x) || !Number.isFinite(at.y)) return;
      const low = lean(at);
      if ((best && low >= best.low) || !inside(at, r)) return;
      for (const each of lying) {
        const reach = each.r + r - 1e-4;
        const [dx, dy] = [each.x - at.x, each.y - at.y];
        if (dx * dx + dy * dy < reach * reach) return;
      }
      best = { ...at, low };
    };
    offer({ x: JAR.corner + chance(seed) * (JAR.inner - 2 * JAR.corner), y: r });
    lying.forEach((a, at) => {
      const reach = a.r + r;
      for (const side of [-1, 1]) offer({ x: a.x + side * Math.sqrt(Math.max(0, reach * reach - (a.y - r) ** 2)), y: r });
      for (const x of [r, JAR.inner - r]) offer({ x, y: a.y + Math.sqrt(reach * reach - (a.x - x) ** 2) });
      for (const corner of CORNERS) meet(a, reach, corner, JAR.corner - r).forEach(offer);
      for (let i = 0; i < at; i += 1) {
        const b = lying[i];
        if (Math.abs(a.x - b.x) > reach + b.r + r || Math.abs(a.y - b.y) > reach + b.r + r) continue;
        meet(a, reach, b, b.r + r).forEach(offer);
      }
    });
    if (best) return { x: best.x, y: best.y };
    const top = lying.reduce((y, each) => Math.max(y, each.y + each.r), 0); // no gap anywhere: on top of all
    return { x: JAR.inner / 2, y: top + r };
  }

  return {
    /* Where each of these pieces lies, in their order. */
    lay(pieces) {
      let same = 0;
      while (same < lying.length && same < pieces.length && lying[same].key === pieces[same].key && lying[same].r === pieces[same].r) same += 1;
      lying.length = same;
      for (let at = same; at < pieces.length; at += 1) {
        const { key, r } = pieces[at];
        const { x, y } = settle(r, at);
        lying.push({ key, r, x, y, turn: (chance(at * 7 + 3) - 0.5) * 1.1 });
      }
      return lying.map((each, at) => ({ ...each, art: pieces[at].art }));
    },
  };
}

/* A jar with its label below it, or beside it in a low source. */
export function vaseRoom(room, { scale = 1 }) {
  const size = Math.min(1, scale);
  const low = !room.stream && shapeOf(room.width, room.height) === "wide";
  const wide = JAR.width + (low ? ASIDE : 0);
  const high = HEAD + JAR.height + (low ? 0 : LABEL);
  const width = room.stream ? Math.min(room.width, room.least * 0.4 * scale) : room.width * size;
  const height = room.stream ? Math.min(room.height, room.least * 0.62 * scale) : room.height * size;
  const j = Math.min(width / wide, height / high);
  const aside = Math.max(wide * j, JAR.width * j + ASIDE_LEAST);
  const roomy = low && aside <= room.width && high * j >= 2.5 * READABLE;
  return { form: low ? "line" : "stack", j, u: j * 2.2, width: roomy ? aside : wide * j, height: high * j, least: roomy ? READABLE : 0 };
}
