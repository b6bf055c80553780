/* Pressure: what a backlog does. Showings get shorter, then waiting cards of one gift become one, then all become one.
   Nothing is dropped: a merged show still holds every member, and no more of them than it can name. */

import { absorb, coinsOf, keyOf, refill, seqOf, viewersOf } from "./show.js";

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

/* All waiting shows of one gift become one, at the place of the oldest; who does not fit is in the next. */
function mergeAlike(line, fits) {
  const alike = new Map();
  for (const show of line) {
    if (show.mixed || show.encore) continue;
    if (!alike.has(show.gift.id)) alike.set(show.gift.id, []);
    alike.get(show.gift.id).push(show);
  }
  for (const shows of alike.values()) merge(line, shows, fits);
}

/* The cheapest shows become "many gifts" shows, as few as can name all, until about `room` are left. */
function mergeRest(line, room, fits) {
  const cheap = line.filter((show) => !show.encore).sort((a, b) => coinsOf(a) - coinsOf(b) || seqOf(b) - seqOf(a));
  const take = cheap.slice(0, Math.max(0, line.length - room + 1)).sort((a, b) => seqOf(a) - seqOf(b));
  merge(line, take, fits);
  if (line.length > room) pour(line, take.filter((show) => show.members.length));
}

/* Where the same viewers wait in many shows, each gets one place, so that nobody is called twice. */
function pour(line, shows) {
  const viewers = new Set(shows.flatMap((show) => [...viewersOf(show)]));
  const many = Math.ceil(viewers.size / CARD_VIEWERS);
  if (many >= shows.length) return;
  const homes = new Map([...viewers].map((viewer, at) => [viewer, shows[Math.floor(at / CARD_VIEWERS)]]));
  const members = shows.flatMap((show) => show.members);
  for (const show of shows) refill(show, []);
  const given = new Map(shows.map((show) => [show, []]));
  for (const member of members) given.get(homes.get(keyOf(member))).push(member);
  for (const [show, own] of given) {
    if (own.length) refill(show, own.sort((a, b) => a.seq - b.seq));
    else line.splice(line.indexOf(show), 1);
  }
}

/* Puts each of the shows into one before it that can name both; the newest is asked first, for it has room. */
function merge(line, shows, fits) {
  const kept = [];
  for (const show of shows) {
    const keep = kept.find((each) => fits(each, show));
    if (keep) fold(line, keep, show);
    else kept.unshift(show);
  }
}

function fold(line, keep, show) {
  absorb(keep, show);
  line.splice(line.indexOf(show), 1);
}
