/* Art: gift pictures by name and size, decoded once and kept, with the colours found in them. */

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

export const giftUrl = (art, size) => (NAME.test(art ?? "") ? `/art/gifts/${art}-${size}.webp` : GIFT_BOX);
export const layerUrl = (art, layer) => `/art/layers/${art}/${layer}-1024.webp`;

/* Promises a decoded image; a missing one falls back to `otherwise`, at last to a wrapped box. */
export function picture(url, otherwise = GIFT_BOX) {
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

const frames = new WeakMap(); // image → the part of it that is not empty

/* Where a picture is not empty, as shares of its side: [left, top, width, height]. */
export function filled(image) {
  const known = frames.get(image);
  if (known) return known;
  const side = 128;
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, side, side);
  const data = pen.getImageData(0, 0, side, side).data;
  let [left, top, right, bottom] = [side, side, 0, 0];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] < 4) continue;
    const x = ((i - 3) / 4) % side;
    const y = Math.floor((i - 3) / 4 / side);
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const edge = 1;
  left = Math.max(0, left - edge);
  top = Math.max(0, top - edge);
  const found = right < left ? [0, 0, 1, 1] : [left / side, top / side, (Math.min(side, right + 1 + edge) - left) / side, (Math.min(side, bottom + 1 + edge) - top) / side];
  frames.set(image, found);
  return found;
}

export function paletteOf(art) {
  let promise = colours.get(art);
  if (!promise) {
    promise = picture(giftUrl(art, 96)).then(sample).catch(() => DEFAULT_PALETTE);
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
