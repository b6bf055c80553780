/* Gifts that come in, some in a row: for the ticker (recent.changed) and the wall (counts.changed). */

import { GIFTS, PEOPLE } from "../demo.js";

const BEAT_MS = 1700;
const KEEP = 30;
const named = (id) => GIFTS.find((gift) => gift.id === id);

export default function demo({ say, clock, still, settings }) {
  const gifts = [];
  const counts = new Map([
    ["rose", 212],
    ["heart", 40],
    ["coffee", 3],
    ["doughnut", 9],
    ["balloon", 2],
  ]);
  const last = new Map();
  let turn = 0;

  function send(gift, name, count, combo) {
    turn += 1;
    gifts.unshift({
      gift_id: `${turn}-demo`,
      gift,
      count,
      total_coins: gift.price_coins * count,
      viewer: { name, platform: "twitch" },
      creator: { name: "Ann" },
      message: null,
      combo: { id: combo, count },
      test: true,
      at: new Date(clock.date()).toISOString(),
    });
    gifts.splice(KEEP);
    counts.set(gift.id, (counts.get(gift.id) ?? 0) + count);
    last.set(gift.id, name);
  }

  function tell() {
    say("recent.changed", { gifts: [...gifts] });
    say("counts.changed", {
      counts_id: settings.period,
      period: settings.period,
      gifts: GIFTS.map((gift) => ({ gift, count: counts.get(gift.id) ?? 0, coins: 0, last: last.get(gift.id) ?? null })),
      total: { count: 0, coins: 0 },
    });
  }

  function beat() {
    const same = turn % 4 === 3; // now and then the one before once more
    const [before] = gifts;
    if (same && before) send(before.gift, before.viewer.name, 1 + (turn % 3), before.combo.id);
    else send(GIFTS[(turn * 7 + 3) % GIFTS.length], PEOPLE[(turn * 7) % PEOPLE.length], turn % 3 ? 1 : 5, `c${turn}`);
    tell();
    clock.after(BEAT_MS, beat);
  }

  send(named("butterfly"), PEOPLE[3], 1, "a");
  send(named("rose"), PEOPLE[4], 25, "b");
  send(named("galaxy"), PEOPLE[2], 1, "c");
  send(named("panda"), PEOPLE[5], 3, "d");
  send(named("crown"), PEOPLE[0], 1, "e");
  tell();
  if (!still) clock.after(BEAT_MS, beat);
}
