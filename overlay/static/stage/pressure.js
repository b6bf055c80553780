/* Pressure: what a backlog does. Showings get shorter, then waiting cards of one gift become one, then all become one.
   Nothing is dropped: a merged show still holds every member, and no more of them than it can name. */

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

/* When a card has been seen long enough: its time, or its combo's, from the last count on. */
export function cardEnd(show, waiting, rules) {
  const full = show.kind === "scene" ? rules.scene_ms : rules.card_ms;
  const least = show.kind === "scene" ? rules.scene_least_ms : rules.card_least_ms;
  const stay = holdMs(full, least, waiting, rules.lanes);
  return Math.max(show.opened_at + stay, show.bumped_at + Math.min(rules.combo_ms, stay));
}

/* A card is shared by no more than it can name in a few seconds; a page of its names stands so long, less under pressure. */
export const CARD_VIEWERS = 50;
const CARD_PAGE_MS = [1200, 700];
export const cardPageMs = (waiting, lanes) => holdMs(...CARD_PAGE_MS, waiting, lanes);

/* A page of names in a film stands at least so long; so many fit while its caption stands. */
export const FILM_PAGE_MS = 1000;
export const filmPages = (caption_ms) => Math.max(1, Math.floor(caption_ms / FILM_PAGE_MS));

/* How much faster a film runs when others wait; never so fast that its pages of names could not be read. */
export function filmRate(waiting, caption_ms = Infinity, pages = 0) {
  const names = pages > 1 ? Math.max(1, caption_ms / (pages * FILM_PAGE_MS)) : Infinity;
  return Math.min(1.6, 1 + 0.12 * waiting, names);
}

/* Shortens the line in place by merging; what is played once more stays alone. `fits(one, other)`: whether one show can name
   all of both. Returns how many shows went into others. */
export function press(line, lanes, { rest = true, fits = () => true } = {}) {
  const before = line.length;
  if (line.length > lanes * 2) mergeAlike(line, fits);
  if (rest && line.length > lanes * 3) mergeRest(line, lanes * 2, fits);
  return before - line.length;
}

/* Waiting shows of one gift become one, at the place of the oldest; who does not fit is in the next. */
function mergeAlike(line, fits) {
  const first = new Map();
  for (const show of [...line]) {
    if (show.mixed || show.encore) continue;
    const keep = first.get(show.gift.id);
    if (keep && fits(keep, show)) fold(line, keep, show);
    else first.set(show.gift.id, show);
  }
}

/* The cheapest shows become "many gifts" shows, as few as can name all, until about `room` are left. */
function mergeRest(line, room, fits) {
  const cheap = line.filter((show) => !show.encore).sort((a, b) => coinsOf(a) - coinsOf(b) || seqOf(b) - seqOf(a));
  const take = cheap.slice(0, Math.max(0, line.length - room + 1)).sort((a, b) => seqOf(a) - seqOf(b));
  let keep = take.shift();
  for (const show of take) {
    if (fits(keep, show)) fold(line, keep, show);
    else keep = show;
  }
}

function fold(line, keep, show) {
  absorb(keep, show);
  line.splice(line.indexOf(show), 1);
}
