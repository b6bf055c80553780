/* The page's own record for tests and benchmarks: what was shown, when it came and when it was painted. Bounded. */

import { unitsOf } from "./show.js";

const LIMIT = 2000;

export function createRecord({ clock }) {
  const shown = [];
  const came = new Map(); // gift id → when its frame came

  return {
    shown,
    note(frame) {
      came.set(frame.data.gift_id, clock.date());
      if (came.size > LIMIT) came.delete(came.keys().next().value);
      return frame;
    },
    /* A `painted` that also writes the record. */
    wrap(show, painted) {
      const fresh = show.members.filter((member) => member.state === "begun");
      return (painted_at) => {
        painted();
        const now = painted_at ?? clock.date();
        for (const { id, state } of fresh) {
          const at = came.get(id);
          if ((state !== "begun" && state !== "painted") || !came.delete(id)) continue; // once each
          shown.push({ id, at, painted_at: now, count: unitsOf(show) });
        }
        if (shown.length > LIMIT) shown.splice(0, shown.length - LIMIT);
      };
    },
  };
}
