/* Credits: what stands in them, how long they take, and when they begin. Plain values, no DOM. */

const CHUNK = 12; // names of one part
const PODIUM = 3;
const SHORTEST_MS = 8_000;
const LONGEST_MS = 180_000;

/* The parts in their order: {kind, …}. */
export function partsOf(data, { title, closing, names }) {
  const givers = data.givers.slice(0, names);
  const parts = [{ kind: "title", title, totals: data.totals }];
  if (givers.length) parts.push({ kind: "podium", givers: givers.slice(0, PODIUM) });
  if (data.biggest) parts.push({ kind: "biggest", gift: data.biggest });
  if (data.combo) parts.push({ kind: "combo", gift: data.combo });
  if (data.gifts.length) parts.push({ kind: "gifts", gifts: data.gifts });
  const others = givers.slice(PODIUM);
  for (let at = 0; at < others.length; at += CHUNK) parts.push({ kind: "names", first: at === 0, givers: others.slice(at, at + CHUNK) });
  const more = Math.max(0, data.totals.viewers - givers.length);
  parts.push({ kind: "closing", closing, more });
  return parts;
}

/* How far the roll goes, and in how many ms: everything leaves the slate in the end. Long credits go faster. */
export function timesOf({ height, room, unit, speed, pace }) {
  const distance = height + room;
  const ms = (distance / (unit * pace * speed)) * 1000;
  return { distance, ms: Math.min(LONGEST_MS / Math.max(1, speed), Math.max(SHORTEST_MS / speed, ms)) };
}

/* When they begin: at a moderator's word or, with `auto`, at the end of the show, from where they would be by now. The later
   of the two counts. begin({passed, hold}), end(). */
export function createCue({ begin, end }) {
  let known = ""; // what was heard last

  return {
    hear({ at, data }, auto) {
      const said = data.cue;
      const over = auto && data.ended_at ? { id: `end-${data.show}`, rolls: true, at: data.ended_at } : null;
      const last = [said, over].filter(Boolean).sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
      if (!last || last.id === known) return;
      known = last.id;
      if (last.rolls) begin({ passed: Math.max(0, Date.parse(at) - Date.parse(last.at)), hold: last.hold ?? null });
      else end();
    },
  };
}
