/* Combos that run: one that grows hot, others beside it, and an end. */

import { GIFTS, PEOPLE } from "../demo.js";

const BEAT_MS = 900;
const WINDOW_S = 5;
const named = (id) => GIFTS.find((gift) => gift.id === id);

export default function demo({ say, clock, still }) {
  const best = { combo_id: "c1", gift: named("heart"), viewer: { name: PEOPLE[3] }, count: 88, coins: 88, at: null, ends_at: null };
  const running = [];
  let turn = 0;

  const later = (ms) => new Date(clock.date() + ms).toISOString();

  function send(id, gift, name, count) {
    const known = running.find((each) => each.combo_id === id);
    const combo = known ?? { combo_id: id, gift, viewer: { name }, count: 0, coins: 0 };
    if (!known) running.push(combo);
    combo.count += count;
    combo.coins += count * gift.price_coins;
    combo.at = later(0);
    combo.until = clock.date() + WINDOW_S * 1000;
    combo.ends_at = still ? null : later(WINDOW_S * 1000);
    if (combo.count > best.count) Object.assign(best, combo);
  }

  function tell() {
    for (const gone of running.filter((each) => each.until <= clock.date())) running.splice(running.indexOf(gone), 1);
    say("combo.changed", { combos_id: "show", window_s: WINDOW_S, combos: running.filter((each) => each.count > 1).map((each) => ({ ...each })), best: { ...best } });
  }

  function beat() {
    turn += 1;
    const at = turn % 34;
    const round = Math.floor(turn / 34);
    if (at < 22) send(`c${10 + round}`, named(["rose", "doughnut", "panda"][round % 3]), PEOPLE[(round * 2) % PEOPLE.length], 3 + (at % 4) * 2);
    if (at > 4 && at < 12) send(`c${500 + round}`, named("popcorn"), PEOPLE[(round + 4) % PEOPLE.length], 2);
    if (at > 9 && at < 18) send(`c${900 + round}`, named("butterfly"), PEOPLE[(round + 5) % PEOPLE.length], 1);
    tell();
    clock.after(BEAT_MS, beat);
  }

  if (still) {
    send("c5", named("rose"), PEOPLE[4], 57);
    send("c6", named("butterfly"), PEOPLE[2], 4);
    send("c7", named("panda"), PEOPLE[5], 6);
    tell();
  } else beat();
}
