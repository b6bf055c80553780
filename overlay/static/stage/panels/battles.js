/* A battle as something to draw. No DOM. */

import { shapeOf } from "./room.js";

const BAR = { least: 66, most: 118, height: 23 };
const LINE = { least: 110, most: 200, height: 12.6 };
const CARD = { width: 50, height: 43 };
const SMALLEST = 2.6; // units: the smallest letters of the bar
const READABLE = 12; // px
const EDGE = 0.14; // both sides keep so much of the bar, for their numbers

/* Where the seam stands between left (1: all is theirs) and right. */
export function seamOf(left, right) {
  const all = left.points + right.points;
  return all ? Math.min(1 - EDGE, Math.max(EDGE, left.points / all)) : 0.5;
}

export const leaderOf = ({ left, right }) => (left.points === right.points ? "" : left.points > right.points ? "left" : "right");

/* What is worth a moment between two states. What a page finds when it comes is none. */
export function momentOf(before, now) {
  if (!before) return null;
  if (now.phase === "on" && before.battle_id !== now.battle_id) return "starts";
  if (before.battle_id !== now.battle_id) return null;
  if (now.phase === "over") return before.phase === "over" ? null : "over";
  if (now.phase !== "on") return null;
  if (now.boost && (!before.boost || before.boost.times !== now.boost.times)) return "boost";
  const [was, is] = [leaderOf(before), leaderOf(now)];
  return is && was && is !== was ? "lead" : null;
}

/* How long a battle that is over is still to be seen, in ms, by the server's clock. */
export const restOf = ({ ends_at }, at, result_s) => Math.max(0, Date.parse(ends_at) + result_s * 1000 - Date.parse(at));

/* A bar, a card, or one line where the bar's letters would be too small. */
export function battleRoom(room, { scale = 1, best = true }) {
  const size = Math.min(1, scale);
  if (room.stream || shapeOf(room.width, room.height) === "wide") {
    const high = BAR.height - (best ? 0 : 1.2);
    const wide = room.stream ? Math.min(room.width, room.least * 1.12 * scale) : room.width * size;
    const u = room.stream ? wide / 100 : Math.min((room.height * size) / high, wide / BAR.least);
    const line = Math.min((room.height * size) / LINE.height, wide / LINE.least);
    if (!room.stream && u * SMALLEST < READABLE && line > u) return { form: "line", u: line, width: Math.min(wide, LINE.most * line), height: LINE.height * line };
    return { form: "bar", u, width: Math.min(wide, BAR.most * u), height: high * u };
  }
  const u = Math.min((room.width * size) / CARD.width, (room.height * size) / CARD.height);
  return { form: "card", u, width: CARD.width * u, height: CARD.height * u };
}
