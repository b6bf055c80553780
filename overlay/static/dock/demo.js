/* Demonstration of the dock: a desk of made-up gifts in this page alone; nothing of it counts anywhere. */

import { GIFTS, PEOPLE } from "../stage/demo.js";

const BEAT_MS = 2_600;
const STILL = Date.UTC(2027, 0, 15, 20, 0, 0);

const sum = (gifts) => ({ count: gifts.length, coins: gifts.reduce((coins, gift) => coins + gift.total_coins, 0), gifts });
const named = (id) => GIFTS.find((gift) => gift.id === id);

export function playDemo({ clock, query, on }) {
  const still = query.get("demo") === "still";
  const now = () => (still ? STILL : clock.date());
  const stamp = (ago_s) => new Date(now() - ago_s * 1000).toISOString();
  const desk = { paused: query.has("paused"), muted: false, live: true };
  let serial = 100;

  function gift(id, name, count, ago_s, message = null) {
    serial += 1;
    const one = named(id);
    const total_coins = one.price_coins * count;
    return { gift_id: `${serial}-demo`, gift: one, count, total_coins, viewer: { name, platform: "twitch" }, message, at: stamp(ago_s), leaving: false };
  }
  function entry(what, more = {}) {
    serial += 1;
    return { id: `${serial}-log`, what, at: stamp(0), by: "Nova", settle: what === "shown", gift: null, ...more };
  }

  let waiting = [gift("lion", PEOPLE[4], 1, 96, "for the boss fight, you’ve got this!"), gift("castle", PEOPLE[2], 1, 31)];
  let queue = [
    gift("galaxy", PEOPLE[3], 1, 14, "أحسنت!"),
    gift("rose", PEOPLE[5], 25, 9),
    gift("guitar", PEOPLE[0], 1, 4, "<b>play</b> the song"),
    gift("butterfly", PEOPLE[7], 3, 2),
  ];
  let log = [
    entry("shown", { gift: gift("unicorn", PEOPLE[11], 1, 12), at: stamp(2) }),
    entry("refunded", { gift: gift("crown", PEOPLE[8], 1, 190), reason: "sent by mistake", at: stamp(40) }),
    entry("shown", { gift: gift("rose", PEOPLE[1], 5, 75), at: stamp(71) }),
    entry("control", { action: "resume", at: stamp(140) }),
    entry("shown", { gift: gift("doughnut", PEOPLE[6], 2, 172), at: stamp(168) }),
    entry("returned", { gift: gift("swan", PEOPLE[9], 1, 1300), cause: "expired", by: "", at: stamp(300) }),
  ];

  function tell() {
    on({ type: "desk.changed", data: { ...desk, waiting: sum(waiting), queue: sum(queue), log: log.slice(0, 40) } });
  }

  function act(line) {
    const [verb, first, second] = line.split(" ");
    const of = (list, id) => list.find((one) => one.gift_id === id);
    const without = (list, id) => list.filter((one) => one.gift_id !== id);
    if (verb === "approve") {
      const one = of(waiting, first);
      [waiting, queue] = [without(waiting, first), [...queue, one]];
      log = [entry("approved", { gift: one }), ...log];
      return `Approved: ${one.count} × ${one.gift.name}.`;
    }
    if (verb === "deny" || verb === "refund" || (first === "skip" && second)) {
      const id = second ?? first;
      const one = of([...waiting, ...queue, ...log.map((each) => each.gift).filter(Boolean)], id);
      [waiting, queue] = [without(waiting, id), without(queue, id)];
      log = [entry(verb === "refund" ? "refunded" : "returned", { gift: one, cause: verb === "deny" ? "denied" : "skipped" }), ...log];
      return `${one.count} × ${one.gift.name} taken back: ${one.viewer.name} has the coins again.`;
    }
    if (first === "pause" || first === "resume") desk.paused = first === "pause";
    if (first === "mute" || first === "unmute") desk.muted = first === "mute";
    if (first === "pin" || first === "unpin") {
      const one = log.map((each) => each.gift).find((each) => each?.gift_id === second);
      on({ type: "pin.changed", data: first === "pin" ? { ...one, until: stamp(-20) } : { gone: true } });
    }
    if (first === "clear") queue = [];
    log = [entry("control", { action: first }), ...log];
    return { pause: "Gifts wait until “alerts resume”; their coins stay held.", resume: "Gifts play again." }[first] ?? "Done.";
  }

  function beat() {
    if (!desk.paused && queue.length) {
      const [first, ...rest] = queue;
      queue = rest;
      log = [entry("shown", { gift: first }), ...log].slice(0, 40);
    }
    if (queue.length < 6) queue = [...queue, gift(GIFTS[serial % GIFTS.length].id, PEOPLE[serial % PEOPLE.length], 1 + (serial % 3), 0)];
    tell();
    clock.after(BEAT_MS, beat);
  }

  return {
    still,
    now,
    choices: ["pause", "resume", "skip", "mute", "unmute", "clear", ...(query.get("more") ?? "").split(",").filter(Boolean)],
    async post({ line }) {
      const reply = act(line);
      tell();
      return { status: 200, body: { ok: true, reply } };
    },
    begin() {
      const page = (name, online, active, settles = false) => ({ name, widget: name, online, active, settles });
      on({
        type: "sources.changed",
        data: {
          sources: [page("alerts", true, true, true), page("leaderboard", true, false), page("goal", false, false)],
          platforms: [
            { name: "twitch", state: "connected" },
            { name: "discord", state: "reconnecting" },
          ],
        },
      });
      tell();
      if (!still) clock.after(BEAT_MS, beat);
    },
  };
}
