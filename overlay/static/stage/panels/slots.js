/* Slots: a keyed list whose elements glide to their places. Nothing is measured: the places are given.

   make(item) → element; write(element, item) brings it up to date. */

import { EASE, takeAway } from "../moves.js";

const GLIDE_MS = 620;
const LEAVE_MS = 320;

/* What becomes of each key: who comes, who goes, who moves from which place to which. */
export function plan(before, after) {
  const was = new Map(before.map((key, at) => [key, at]));
  const is = new Set(after);
  return {
    gone: before.filter((key) => !is.has(key)),
    come: after.filter((key) => !was.has(key)),
    moved: after.map((key, at) => ({ key, at, from: was.get(key) })).filter(({ at, from }) => from !== undefined && from !== at),
  };
}

export function createSlots({ root, make, write, clock }) {
  const shown = new Map(); // key → { element, x, y }
  let order = [];

  const shift = (x, y) => `translate(${x}px, ${y}px)`;

  /* Where it is to be seen now, also in the middle of a glide. */
  function now(one) {
    if (!one.gliding || one.gliding.playState !== "running") return { x: one.x, y: one.y };
    const matrix = new DOMMatrix(getComputedStyle(one.element).transform);
    return { x: matrix.e, y: matrix.f };
  }

  function glide(one, x, y, ms) {
    const from = now(one);
    one.gliding?.cancel();
    one.element.style.transform = shift(x, y);
    Object.assign(one, { x, y });
    if (ms <= 0 || (from.x === x && from.y === y)) return;
    one.gliding = one.element.animate([{ transform: shift(from.x, from.y) }, { transform: shift(x, y) }], { duration: ms, easing: EASE.out });
  }

  function enter(one, item, { calm, from }) {
    const fade = { opacity: [0, 1] };
    const come = calm ? fade : { ...fade, transform: [shift(one.x + from.x, one.y + from.y), shift(one.x, one.y)] };
    one.gliding = one.element.animate(come, { duration: calm ? 400 : GLIDE_MS, easing: EASE.out });
  }

  function leave(one, { calm, to }) {
    const { x, y } = now(one);
    one.gliding?.cancel();
    const frames = calm
      ? [{ opacity: 1 }, { opacity: 0 }]
      : [
          { opacity: 1, transform: shift(x, y) },
          { opacity: 0, transform: shift(x + to.x, y + to.y) },
        ];
    const going = one.element.animate(frames, { duration: LEAVE_MS, easing: EASE.in, fill: "forwards" });
    going.onfinish = () => takeAway(one.element);
    clock.after(LEAVE_MS + 300, () => takeAway(one.element));
  }

  return {
    /* Shows these items, each at place(at) → {x, y}. still: nothing moves. from, to: whence they come and whither they
       go, from their place. */
    set(items, place, { still = false, calm = false, from = { x: 0, y: 0 }, to = { x: 0, y: 0 } } = {}) {
      const keys = items.map((item) => item.key);
      const { gone, moved } = plan(order, keys);
      const risen = new Set(moved.filter((each) => each.at < each.from).map((each) => each.key));
      for (const key of gone) {
        leave(shown.get(key), still ? { calm: true } : { calm, to });
        shown.delete(key);
      }
      items.forEach((item, at) => {
        const { x, y } = place(at);
        const known = shown.get(item.key);
        if (known) {
          known.element.style.zIndex = risen.has(item.key) ? "2" : "1";
          write(known.element, item);
          glide(known, x, y, still || calm ? 0 : GLIDE_MS);
          return;
        }
        const one = { element: make(item), x, y, gliding: null };
        one.element.style.transform = shift(x, y);
        write(one.element, item);
        root.append(one.element);
        shown.set(item.key, one);
        if (!still) enter(one, item, { calm, from });
      });
      order = keys;
    },
    find: (key) => shown.get(key) ?? null,
  };
}
