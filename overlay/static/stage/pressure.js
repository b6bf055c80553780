/* Pressure: what a backlog does. Showings get shorter, then waiting cards of one gift become one, then all become one.
   Nothing is dropped: a merged card still holds every member. */

import { absorb, coinsOf, seqOf } from "./show.js";

/* How long a showing may stay, from its full time down to its least, as the line behind it grows. */
export function holdMs(full_ms, least_ms, waiting, lanes) {
  if (waiting <= 0) return full_ms;
  const share = Math.min(1, waiting / (lanes * 2));
  return Math.round(full_ms + (least_ms - full_ms) * Math.sqrt(share));
}

/* How much faster a film runs when others wait. */
export const filmRate = (waiting) => Math.min(1.6, 1 + 0.12 * waiting);

/* Shortens the line in place by merging. Returns how many shows went into others. */
export function press(line, lanes, { rest = true } = {}) {
  const before = line.length;
  if (line.length > lanes * 2) mergeAlike(line);
  if (rest && line.length > lanes * 3) mergeRest(line, lanes * 2);
  return before - line.length;
}

/* All waiting shows of one gift become one, at the place of the oldest. */
function mergeAlike(line) {
  const first = new Map();
  for (const show of [...line]) {
    if (show.mixed) continue;
    const keep = first.get(show.gift.id);
    if (keep) fold(line, keep, show);
    else first.set(show.gift.id, show);
  }
}

/* The cheapest shows become one "many gifts" show until `room` are left. */
function mergeRest(line, room) {
  const cheap = [...line].sort((a, b) => coinsOf(a) - coinsOf(b) || seqOf(b) - seqOf(a));
  const take = cheap.slice(0, line.length - room + 1).sort((a, b) => seqOf(a) - seqOf(b));
  const keep = take.shift();
  for (const show of take) fold(line, keep, show);
}

function fold(line, keep, show) {
  absorb(keep, show);
  line.splice(line.indexOf(show), 1);
}
