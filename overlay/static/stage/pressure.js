/* Pressure: what a backlog does. Showings get shorter, then waiting cards of one gift become one, then all become one.
   Nothing is dropped: a merged card still holds every member. */

import { absorb, coinsOf, seqOf } from "./show.js";

/* How long a showing may stay, from its full time down to its least, as the line behind it grows. */
export function holdMs(full_ms, least_ms, waiting, lanes) {
  if (waiting <= 0) return full_ms;
  const share = Math.min(1, waiting / (lanes * 2));
  return Math.round(full_ms + (least_ms - full_ms) * Math.sqrt(share));
}

/* What a gift is shown as. */
export function kindOf({ gift, coins }, rules) {
  const tier = Number(gift.tier) || 1;
  if (tier >= rules.hero_from_tier) return "hero";
  if (rules.hero_from_coins > 0 && coins >= rules.hero_from_coins) return "hero";
  return tier >= 3 ? "scene" : "card";
}

/* How long a card names those who are not on its first line, at the most; and each line of them. */
export const CALL_MS = 6000;
export const callMs = (lines) => Math.max(250, Math.min(700, CALL_MS / Math.max(1, lines)));

/* When a card has been seen long enough: its time, or its combo's, from the last count on; and everybody was named. */
export function cardEnd(show, waiting, rules) {
  const full = show.kind === "scene" ? rules.scene_ms : rules.card_ms;
  const least = show.kind === "scene" ? rules.scene_least_ms : rules.card_least_ms;
  const stay = holdMs(full, least, waiting, rules.lanes);
  const call = Math.min(CALL_MS, show.calls * callMs(show.calls));
  return Math.max(show.opened_at + stay, show.bumped_at + Math.max(call, Math.min(rules.combo_ms, stay)));
}

/* How much faster a film runs when others wait. */
export const filmRate = (waiting) => Math.min(1.6, 1 + 0.12 * waiting);

/* Shortens the line in place by merging; what is played once more stays alone. Returns how many shows went into others. */
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
    if (show.mixed || show.encore) continue;
    const keep = first.get(show.gift.id);
    if (keep) fold(line, keep, show);
    else first.set(show.gift.id, show);
  }
}

/* The cheapest shows become one "many gifts" show until `room` are left. */
function mergeRest(line, room) {
  const cheap = line.filter((show) => !show.encore).sort((a, b) => coinsOf(a) - coinsOf(b) || seqOf(b) - seqOf(a));
  const take = cheap.slice(0, Math.max(0, line.length - room + 1)).sort((a, b) => seqOf(a) - seqOf(b));
  const keep = take.shift();
  for (const show of take) fold(line, keep, show);
}

function fold(line, keep, show) {
  absorb(keep, show);
  line.splice(line.indexOf(show), 1);
}
