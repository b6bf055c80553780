/* Receipts: what this page owes the server about each gift.

   begin → written to memory before the paint; painted → `shown` is sent and repeated until `settled` names it. */

const REPEAT_MS = 5_000;
const BATCH = 200;

export function createReceipts({ memory, send, clock }) {
  const unsettled = new Set(memory.open()); // shown, not confirmed
  const begun = new Set(); // written, not painted yet
  let stopRepeat = null;

  function say(type, ids) {
    for (let i = 0; i < ids.length; i += BATCH) send({ type, gift_ids: ids.slice(i, i + BATCH) });
  }

  function repeat() {
    if (stopRepeat || unsettled.size === 0) return;
    stopRepeat = clock.after(REPEAT_MS, () => {
      stopRepeat = null;
      say("shown", [...unsettled]);
      repeat();
    });
  }

  return {
    knows: (id) => memory.has(id),
    /* The ids for hello: shown on this page or before a reload, not yet confirmed. */
    unconfirmed: () => [...unsettled],
    begin(ids) {
      for (const id of ids) begun.add(id);
      memory.add(ids);
    },
    painted(ids, { lasting = true } = {}) {
      for (const id of ids) {
        begun.delete(id);
        if (lasting) unsettled.add(id);
      }
      if (ids.length) say("shown", ids);
      repeat();
    },
    /* The server asks again for a gift this page has already shown. */
    again(id) {
      if (begun.has(id)) return; // its paint will answer
      unsettled.add(id);
      say("shown", [id]);
      repeat();
    },
    withdraw(ids) {
      const mine = ids.filter((id) => begun.delete(id));
      memory.forget(mine);
    },
    dropped: (ids) => say("dropped", ids),
    settled(ids) {
      for (const id of ids) unsettled.delete(id);
      memory.settle(ids);
      if (unsettled.size === 0) {
        stopRepeat?.();
        stopRepeat = null;
      }
    },
    /* The gift came back to its viewer: nothing is owed any more. */
    close: (ids) => {
      for (const id of ids) unsettled.delete(id);
      memory.settle(ids);
    },
    /* A new connection: another page with this token may have shown gifts, and hello has just named ours. */
    refresh() {
      memory.refresh();
      for (const id of memory.open()) if (!begun.has(id)) unsettled.add(id);
      repeat();
    },
  };
}
