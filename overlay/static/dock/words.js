/* Words of the dock: ages, sums, and what was done lately. Plain values, no DOM. */

import { clean, number, trim } from "../stage/text.js";

const NAME_ROOM = 28;
const SHOWN_MS = { card: 6_000, hero: 8_000 };
const HERO_FROM = { tier: 5, coins: 2_000 };

export const who = (name) => trim(clean(name, "someone"), NAME_ROOM);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/* "now", "42 s", "3 min", "2 h": how long ago. */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const isHero = ({ gift, total_coins }) => gift.tier >= HERO_FROM.tier || total_coins >= HERO_FROM.coins;

/* What is on screen: what pages have shown just now, for as long as that usually lasts; newest first. `left` is the share
   of its time. */
export function onScreen(log, now) {
  const gone = taken(log);
  const found = [];
  for (const entry of log) {
    if (entry.what !== "shown" || !entry.gift || !entry.settle || gone.has(entry.gift.gift_id)) continue;
    const lasts = isHero(entry.gift) ? SHOWN_MS.hero : SHOWN_MS.card;
    const passed = now - Date.parse(entry.at);
    if (passed < lasts) found.push({ ...entry, left: Math.min(1, 1 - passed / lasts), lasts, passed });
  }
  return found.slice(0, 3);
}

/* The gifts that were taken back. */
export const taken = (log) => new Set(log.filter((entry) => entry.what === "refunded" && entry.gift).map((entry) => entry.gift.gift_id));

const CAUSES = {
  expired: "nobody saw it in time",
  undecided: "nobody decided in time",
  cleared: "cleared",
  skipped: "skipped",
  denied: "not approved",
  refund: "refunded",
  banned: "banned",
  no_source: "no source left",
};

const CONTROLS = {
  pause: () => "paused",
  resume: () => "let gifts play",
  skip: (gift) => (gift ? `skipped ${gift}` : "skipped"),
  mute: () => "muted",
  unmute: () => "gave sound back",
  clear: () => "cleared",
  pin: (gift) => `pinned ${gift || "a gift"}`,
  unpin: () => "unpinned",
  replay: (gift) => `played ${gift || "a gift"} again`,
  "credits-roll": () => "rolled the credits",
  "credits-stop": () => "stopped the credits",
};

/* What is said of an entry of the log that is no gift on screen: [who, what]. */
export function said(entry) {
  const by = who(entry.by || "giftcast");
  const gift = entry.gift ? `${entry.gift.count > 1 ? `${number(entry.gift.count)} × ` : ""}${trim(clean(entry.gift.gift.name, "gift"), 24)}` : "a gift";
  const whose = entry.gift ? who(entry.gift.viewer.name) : "someone";
  const why = entry.reason ? `: ${trim(clean(entry.reason), 80)}` : "";
  switch (entry.what) {
    case "refunded":
      return [by, `took ${gift} of ${whose} back${why}`];
    case "approved":
      return [by, `approved ${gift} of ${whose}`];
    case "returned":
      return [whose, `got ${gift} back (${CAUSES[entry.cause] ?? clean(entry.cause, "not shown")})${why}`];
    case "control":
      return [by, CONTROLS[entry.action]?.(entry.gift ? `${gift} of ${whose}` : "") ?? clean(entry.action, "did something").replaceAll("-", " ")];
    case "grant":
      if (entry.cause === "rain") return [by, `let it rain ${plural(entry.coins, "coin")} on ${plural(entry.viewers, "viewer")}`];
      return [by, `gave ${who(entry.who)} ${plural(entry.coins, "coin")}${why}`];
    case "take":
      return [by, `took ${plural(entry.coins, "coin")} from ${who(entry.who)}${why}`];
    case "set":
      if (entry.balance == null) return [by, `changed ${who(entry.who)} by ${plural(entry.coins, "coin")}${why}`];
      return [by, `set ${who(entry.who)} to ${plural(entry.balance, "coin")}${why}`];
    case "undo":
      if (entry.cause === "rain") return [by, `took the rain of ${plural(entry.coins, "coin")} back${why}`];
      return [by, `undid a change of ${plural(entry.coins, "coin")} of ${who(entry.who)}${why}`];
    case "earnpause":
      return [by, `lets ${who(entry.who)} earn nothing${why}`];
    case "earnresume":
      return [by, `lets ${who(entry.who)} earn again${why}`];
    case "bonus":
      return [by, entry.action === "stop" ? "ended bonus time" : "began bonus time"];
    case "ban":
      return [by, `barred ${who(entry.who)} from giving${why}`];
    case "unban":
      return [by, `lets ${who(entry.who)} give again${why}`];
    default:
      return [by, `${clean(entry.what)} ${who(entry.who)}${why}`];
  }
}

/* What the head of the dock says: the worst first. */
export function banner({ paused, queue, waiting, sources, demo }) {
  const alerts = (sources?.sources ?? []).filter((source) => source.settles);
  if (sources && alerts.length === 0 && !demo) return { text: "No gift alerts in OBS yet: gifts count, but nobody sees them.", bad: true };
  if (alerts.length && !alerts.some((source) => source.online))
    return { text: `Offline: no page shows gifts. ${plural(queue.count, "gift")} wait${queue.count === 1 ? "s" : ""}, and coins go back in time.`, bad: true };
  if (paused) return { text: `Paused: ${plural(queue.count, "gift")} wait${queue.count === 1 ? "s" : ""}. No time runs out meanwhile.`, bad: false };
  if (alerts.length && !alerts.some((source) => source.active)) return { text: "Open, but not on air: great gifts wait for the scene.", bad: false };
  return waiting.count > 3 ? { text: `${plural(waiting.count, "gift")} wait for your word.`, bad: false } : null;
}
