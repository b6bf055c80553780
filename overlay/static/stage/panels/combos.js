/* Combos as something to draw. No DOM. */

import { shapeOf } from "./room.js";

const HEATS = [10, 25, 50, 100]; // units from which a combo is hotter
const STACK = { width: 46, height: 43 };
const RECORD = 6.6; // units that the record takes below
const LINE = 13;

/* 0 … 4 */
export const heatOf = (count) => HEATS.filter((least) => count >= least).length;

/* The combo that leads, and the others: the most units first, of equals the one that began first. */
export function ranked(combos) {
  const began = ({ combo_id }) => Number(combo_id.slice(1)) || 0;
  return [...combos].sort((a, b) => b.count - a.count || began(a) - began(b));
}

/* How long something has left, in ms, by the server's own clock: this machine's may be wrong. */
export const leftOf = (ends_at, at) => (ends_at ? Math.max(0, Date.parse(ends_at) - Date.parse(at)) : Infinity);

/* Whether this combo has become the longest just now: it had not been before, and it is one worth telling of. */
export const isRecord = (before, best, least = 10) =>
  Boolean(before && best && best.count >= least && before.best && best.combo_id !== before.best.combo_id && best.count > before.best.count);

/* A disc with its words below, or one line in a low source. */
export function comboRoom(room, { scale = 1, record = true }) {
  const size = Math.min(1, scale);
  if (!room.stream && shapeOf(room.width, room.height) === "wide") {
    const u = Math.min((room.height * size) / LINE, room.width / 34);
    return { form: "line", u, width: Math.min(room.width, 118 * u), height: LINE * u };
  }
  const wide = room.stream ? Math.min(room.width, room.least * 0.4 * scale) : room.width * size;
  const tall = room.stream ? room.height : room.height * size;
  const high = STACK.height + (record ? RECORD : 0);
  const u = Math.min(wide / STACK.width, tall / high);
  return { form: "stack", u, width: STACK.width * u, height: high * u };
}
