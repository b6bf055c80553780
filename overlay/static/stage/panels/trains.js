/* The hype train as something to draw. No DOM. */

import { shapeOf } from "./room.js";

const BAR = { least: 62, most: 112, height: 25 };
const LINE = { least: 84, most: 190, height: 13.4, head: 47 };
const CARD = { width: 46, height: 52 };
const SMALLEST = 2.6; // units: the smallest letters of the bar
const READABLE = 12; // px

/* How far it has come towards the next level, 0 … 1; on the last one it has arrived. */
export const shareOf = ({ now, target }) => (target ? Math.min(1, now / target) : 1);

/* What is worth a moment between two states: it sets off, reaches a level, or is over. What a page finds when it comes
   is none, and neither is what a refund takes back. */
export function momentOf(before, now) {
  if (!before || before.train_id !== now.train_id) return null; // other settings, another train
  if (now.phase === "ended") return before.phase === "riding" ? "ended" : null;
  if (now.phase !== "riding") return null;
  if (before.phase !== "riding" || before.number !== now.number) return now.number > before.number || before.phase === "boarding" ? "departs" : null;
  return now.level > before.level ? "level" : null;
}

export function titleOf({ phase, level, levels_max }) {
  if (phase === "boarding") return "All aboard!";
  if (phase === "ended") return level >= levels_max ? "Last stop reached!" : `Level ${level} reached!`;
  return "Hype train";
}

/* A bar that lies, with the riders in a row; a card with the riders below each other; or one line without them, where the
   bar's letters would be too small. */
export function trainRoom(room, { scale = 1 }) {
  const size = Math.min(1, scale);
  if (room.stream || shapeOf(room.width, room.height) === "wide") {
    const wide = room.stream ? Math.min(room.width, room.least * 0.92 * scale) : room.width * size;
    const u = room.stream ? wide / 92 : Math.min((room.height * size) / BAR.height, wide / BAR.least);
    const line = Math.min((room.height * size) / LINE.height, wide / LINE.least);
    if (!room.stream && u * SMALLEST < READABLE && line > u) {
      const long = Math.min(wide, LINE.most * line);
      return { form: "line", u: line, width: long, height: LINE.height * line, rail: long - (LINE.head + 1.6) * line };
    }
    return { form: "bar", u, width: Math.min(wide, BAR.most * u), height: BAR.height * u, rail: Math.min(wide, BAR.most * u) - 4.4 * u };
  }
  const u = Math.min((room.width * size) / CARD.width, (room.height * size) / CARD.height);
  return { form: "card", u, width: CARD.width * u, height: CARD.height * u, rail: (CARD.width - 5) * u };
}
