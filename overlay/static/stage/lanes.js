/* Where the cards stand: what of the settings fits into the safe area of a source. What cannot be is made possible, for a
   card outside would be settled and never seen. Lengths in units (1 % of the shorter side, times the scale). */

const SAFE = 0.05; // of the shorter side, at every edge
export const LANE = 15.8; // from one lane to the next
const ABOVE = 17.9; // what the uppermost card needs above its lower edge, its art standing out and floating
const BELOW = 3.4; // and the lowest below it
export const NAME_ROOM = 46; // of a name, where there is room
export const REST_ROOM = 50; // what else a card needs beside the name
const NAME_LEAST = 20;

/* How far the cards' lanes begin from the edge, in pixels, as in cards.css: great art stands out of them. */
export const edgeOf = (width, height, unit_px) => Math.max(width * SAFE + 1.8 * unit_px, Math.min(width, height) * SAFE + 3.8 * unit_px);

/* The width in pixels that a card's words may take. */
export const wordsRoom = (width, unit_px) => Math.min(NAME_ROOM * unit_px, width * (1 - 2 * SAFE) - REST_ROOM * unit_px);

/* width, height: pixels; laneHeight: % of the height from the top. Returns scale, laneHeight and lanes as they can be. */
export function fitted({ width, height, scale, laneHeight, lanes }) {
  const short = Math.min(width, height);
  const safe = short * SAFE;
  const widest = (width * (1 - 2 * SAFE)) / (REST_ROOM + NAME_LEAST);
  const highest = (height - 2 * safe) / (ABOVE + BELOW);
  const most = (Math.min(widest, highest) * 100) / short;
  const size = Math.min(scale, most);
  const unit = (short / 100) * size;
  const lower = Math.max(safe + ABOVE * unit, Math.min((height * laneHeight) / 100, height - safe - BELOW * unit));
  const room = 1 + Math.floor((lower - safe - ABOVE * unit) / (LANE * unit) + 1e-9);
  return { scale: size, laneHeight: (lower / height) * 100, lanes: Math.max(1, Math.min(lanes, room)) };
}
