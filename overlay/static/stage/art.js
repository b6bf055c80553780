/* Art: gift pictures by name and size, decoded once and kept, with the colours found in them.

   A gift may have art of its own, which a designer made. Then its `art` is "~" and its id from where frames come in
   (`owned`), and `ownArt` tells what it is; lists and calm pages get its still, or else the art that it is shipped with. */

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/i;
const KEEP = 48;
const GIFT_BOX =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#ff8fb8"/>' +
      '<stop offset="1" stop-color="#c2347f"/></linearGradient><linearGradient id="b" x2="0" y2="1"><stop stop-color="#ffe9a8"/><stop offset="1" ' +
      'stop-color="#f2b13c"/></linearGradient></defs><rect x="15" y="42" width="66" height="44" rx="8" fill="url(#a)"/><rect x="10" y="30" width="76" ' +
      'height="18" rx="6" fill="#ff6fa5"/><rect x="41" y="30" width="14" height="56" fill="url(#b)"/><path d="M48 30C30 30 22 22 27 14s18 0 21 16c3-16 ' +
      '16-24 21-16s-3 16-21 16z" fill="url(#b)"/></svg>',
  );

const pictures = new Map(); // address → promise of a decoded image
const colours = new Map(); // art → promise of a palette

export const DEFAULT_PALETTE = { hue: 330, main: "#ff6fa5", light: "#ffd3e4", deep: "#4a1233", second: "#ffcf5c" };

const own = new Map(); // gift id → what the server told of its own art
const shipped = new Map(); // gift id → the art that it is shipped with

const instead = new Map(); // address of a still → the shipped picture, should it fail

export const isOwn = (art) => String(art ?? "").startsWith("~");
export const shippedArt = (art) => (isOwn(art) ? shipped.get(art.slice(1)) : art);

/* {plays, url, still, sound, ms, wide, tall}, or nothing. */
export const ownArt = (art) => (isOwn(art) ? own.get(art.slice(1)) : undefined);

/* What the server tells: all gifts with art of their own, by id. */
export function tellOwn(told) {
  own.clear();
  instead.clear();
  for (const [id, entry] of Object.entries(told ?? {})) own.set(id, entry);
  for (const art of colours.keys()) if (isOwn(art)) colours.delete(art);
}

/* The same frame, in which every gift that has art of its own wears it. */
export function owned(value) {
  if (!value || typeof value !== "object") return value;
  if (typeof value.id === "string" && typeof value.art === "string" && own.has(value.id) && !isOwn(value.art)) {
    shipped.set(value.id, value.art);
    value.art = `~${value.id}`;
  }
  for (const each of Object.values(value)) owned(each);
  return value;
}

export function giftUrl(art, size) {
  if (!isOwn(art)) return NAME.test(art ?? "") ? `/art/gifts/${art}-${size}.webp` : GIFT_BOX;
  const entry = ownArt(art);
  const plain = giftUrl(shippedArt(art), size);
  const still = entry?.still && `${entry.still}#${size}`; // one picture, kept once for each size that may stand in for it
  if (still) instead.set(still, plain);
  return still ?? plain;
}
export const layerUrl = (art, layer) => `/art/layers/${art}/${layer}-1024.webp`;

/* Promises a decoded image; a missing one falls back to `otherwise`, at last to a wrapped box. */
export function picture(url, otherwise = instead.get(url) ?? GIFT_BOX) {
  const known = pictures.get(url);
  if (known) return known;
  const promise = load(url).catch(() => (url === otherwise ? load(GIFT_BOX) : picture(otherwise)));
  pictures.set(url, promise);
  if (pictures.size > KEEP) pictures.delete(pictures.keys().next().value);
  return promise;
}

async function load(url) {
  const image = new Image();
  image.decoding = "async";
  image.src = url;
  await image.decode();
  return image;
}

const GRID = 128;
const EDGE = 1;
const found = new WeakMap(); // image → its islands

/* The parts of a picture that are not empty, as shares of its side: [left, top, width, height], the largest first. */
export function islands(image) {
  if (found.has(image)) return found.get(image);
  const canvas = new OffscreenCanvas(GRID, GRID);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, GRID, GRID);
  const data = pen.getImageData(0, 0, GRID, GRID).data;
  const full = Uint8Array.from({ length: GRID * GRID }, (_, i) => (data[i * 4 + 3] > 3 ? 1 : 0));
  const parts = [];
  for (let i = 0; i < full.length; i += 1) if (full[i]) parts.push(flood(full, i));
  const shares = parts.map(([left, top, right, bottom]) => {
    const [x, y] = [Math.max(0, left - EDGE), Math.max(0, top - EDGE)];
    return [x, y, Math.min(GRID, right + 1 + EDGE) - x, Math.min(GRID, bottom + 1 + EDGE) - y].map((value) => value / GRID);
  });
  shares.sort((p, q) => q[2] * q[3] - p[2] * p[3]);
  found.set(image, shares.length ? shares : [[0, 0, 1, 1]]);
  return found.get(image);
}

/* The smallest box around all islands. */
export function filled(image) {
  const parts = islands(image);
  const left = Math.min(...parts.map((part) => part[0]));
  const top = Math.min(...parts.map((part) => part[1]));
  return [left, top, Math.max(...parts.map((part) => part[0] + part[2])) - left, Math.max(...parts.map((part) => part[1] + part[3])) - top];
}

function flood(full, start) {
  const box = [GRID, GRID, 0, 0];
  const todo = [start];
  full[start] = 0;
  while (todo.length) {
    const i = todo.pop();
    const x = i % GRID;
    const y = (i - x) / GRID;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
    for (const [nx, ny] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ]) {
      const next = ny * GRID + nx;
      if (nx < 0 || ny < 0 || nx >= GRID || ny >= GRID || !full[next]) continue;
      full[next] = 0;
      todo.push(next);
    }
  }
  return box;
}

export function paletteOf(art) {
  let promise = colours.get(art);
  if (!promise) {
    promise = picture(giftUrl(art, 96))
      .then(sample)
      .catch(() => DEFAULT_PALETTE);
    colours.set(art, promise);
    if (colours.size > KEEP * 4) colours.delete(colours.keys().next().value);
  }
  return promise;
}

/* The strongest hue of a picture and the strongest one well away from it. */
function sample(image) {
  const side = 24;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, side, side);
  const data = pen.getImageData(0, 0, side, side).data;
  const bins = new Float32Array(24);
  for (let i = 0; i < data.length; i += 4) {
    const { hue, strength } = hueOf(data[i], data[i + 1], data[i + 2]);
    bins[Math.floor(hue / 15) % 24] += strength * (data[i + 3] / 255);
  }
  const first = strongest(bins, () => true);
  if (bins[first] < 2) return paletteFrom(42, 210); // grey art wears gold
  const second = strongest(bins, (bin) => Math.min((bin - first + 24) % 24, (first - bin + 24) % 24) > 2);
  return paletteFrom(first * 15 + 7, bins[second] > bins[first] * 0.12 ? second * 15 + 7 : first * 15 + 47);
}

function strongest(bins, allowed) {
  let best = -1;
  for (let bin = 0; bin < bins.length; bin += 1) if (allowed(bin) && (best < 0 || bins[bin] > bins[best])) best = bin;
  return best;
}

function hueOf(r, g, b) {
  const most = Math.max(r, g, b);
  const span = most - Math.min(r, g, b);
  if (span < 24) return { hue: 0, strength: 0 };
  let hue = most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span;
  hue = (hue * 60 + 360) % 360;
  return { hue, strength: (span / 255) * (most / 255) };
}

export const paletteFrom = (hue, second) => ({
  hue,
  main: `hsl(${hue} 92% 66%)`,
  light: `hsl(${hue} 96% 86%)`,
  deep: `hsl(${hue} 62% 16%)`,
  second: `hsl(${second % 360} 94% 68%)`,
});
