/* The cast: which gift stands in which show, and how far it has got (waiting → begun → painted).
   It keeps the order of the promises: written down before the paint, acknowledged after it, taken back if never seen. */

import { removeMember } from "./show.js";

const REFUSED_LIMIT = 500;

export function createCast(receipts) {
  const placed = new Map(); // gift id → its show, while that lives
  const refused = new Set(); // recalled, dropped or returned before they were seen

  const idsOf = (members) => members.filter((member) => member.owed).map((member) => member.id);

  function refuse(ids, { silent = false } = {}) {
    for (const id of ids) refused.add(id);
    for (const id of refused) {
      if (refused.size <= REFUSED_LIMIT) break;
      refused.delete(id);
    }
    if (ids.length && !silent) receipts.dropped(ids);
  }

  return {
    find: (id) => placed.get(id) ?? null,
    isRefused: (id) => refused.has(id),
    refuse,
    put(show) {
      for (const member of show.members) placed.set(member.id, show);
    },
    waits: (show) => show.members.some((member) => member.state === "waiting"),
    unseen: (show) => show.members.some((member) => member.state !== "painted"),
    isPainted(id) {
      const member = placed.get(id)?.members.find((each) => each.id === id);
      return member ? member.state === "painted" : receipts.knows(id);
    },

    /* Writes the show's new members down (or those `among` them); their paint may follow. Returns all whom that paint will
       show: a newer paint may overtake an older one that was still counting. */
    begin(show, among = show.members) {
      const fresh = among.filter((member) => member.state === "waiting");
      for (const member of fresh) member.state = "begun";
      const ids = idsOf(fresh);
      if (ids.length) receipts.begin(ids);
      return show.members.filter((member) => member.state === "begun");
    },
    /* They are on the screen now (unless they were taken out meanwhile). */
    confirm(show, fresh) {
      const seen = fresh.filter((member) => member.state === "begun" && placed.get(member.id) === show);
      for (const member of seen) member.state = "painted";
      if (!seen.length) return;
      receipts.painted(idsOf(seen));
      receipts.painted(
        seen.filter((member) => member.test && !member.encore).map((member) => member.id),
        { lasting: false },
      );
    },
    /* The page was hidden before the paint: not seen, so not written. */
    withdraw(show) {
      const begun = show.members.filter((member) => member.state === "begun");
      for (const member of begun) member.state = "waiting";
      receipts.withdraw(idsOf(begun));
    },
    /* The show ends. Members that were never painted are refused (or, when silent, left to a replay). */
    dismiss(show, { silent = false } = {}) {
      for (const member of show.members) placed.delete(member.id);
      const never = show.members.filter((member) => member.state !== "painted");
      receipts.withdraw(idsOf(never.filter((member) => member.state === "begun")));
      if (!silent) refuse(never.filter((member) => !member.encore).map((member) => member.id));
    },
    /* Takes one gift out of its show; returns that show. */
    remove(id) {
      const show = placed.get(id);
      if (!show) return null;
      placed.delete(id);
      const member = removeMember(show, id);
      if (member?.state === "begun") receipts.withdraw([id]);
      return show;
    },
    /* The gift went back to its viewer. */
    forget(id) {
      refuse([id], { silent: true });
      receipts.close([id]);
    },
  };
}
