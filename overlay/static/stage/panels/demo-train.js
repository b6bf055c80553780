/* A hype train that boards, sets off, climbs and ends; told as the server does. */

import { PEOPLE } from "../demo.js";

const BEAT_MS = 1500;
const FIRST = 500;
const GROWTH = 1.5;
const WINDOW_S = 30;
const LEVELS = 5;
const GIFTS = [90, 160, 45, 260, 120, 500, 30, 700, 88, 350];
const RIDE = 18; // gifts until nobody gives any more

export default function demo({ say, clock, still }) {
  const riders = new Map();
  let state = null;
  let turn = 0;
  let number = 1;
  let best = { level: 3, coins: 2950 };

  const target = (level) => (level >= LEVELS ? null : Math.floor(FIRST * GROWTH ** level));
  const contributors = () =>
    [...riders]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 3)
      .map(([name, coins]) => ({ key: name, name, coins }));

  function reset() {
    riders.clear();
    state = { phase: "boarding", level: 0, now: 0, coins: 0, until: 0 };
  }

  function tell() {
    const { until, ...rest } = state;
    say("train.changed", {
      train_id: "demo",
      levels_max: LEVELS,
      window_s: WINDOW_S,
      number,
      best,
      ...rest,
      target: target(state.level),
      ends_at: until ? new Date(until).toISOString() : null,
      riders: riders.size,
      contributors: contributors(),
    });
  }

  function give(name, coins) {
    riders.set(name, (riders.get(name) ?? 0) + coins);
    state.now += coins;
    state.coins += coins;
    const before = state.level;
    while (target(state.level) && state.now >= target(state.level)) {
      state.now -= target(state.level);
      state.level += 1;
    }
    if (state.level > before) {
      if (before === 0) number += 1;
      state.phase = "riding";
      state.until = still ? 0 : clock.date() + WINDOW_S * 1000;
    }
  }

  function beat() {
    turn += 1;
    const at = turn % 34;
    if (at === 1) reset();
    if (at <= RIDE) give(PEOPLE[(turn * 5) % PEOPLE.length], GIFTS[turn % GIFTS.length]);
    else if (state.phase === "riding" && at > RIDE + 5) {
      state.phase = "ended";
      if (state.level > best.level) best = { level: state.level, coins: state.coins };
    } else if (state.phase === "ended" && at > RIDE + 11) state.phase = "idle";
    tell();
    clock.after(BEAT_MS, beat);
  }

  reset();
  if (still) {
    give(PEOPLE[4], 900);
    give(PEOPLE[3], 700);
    give(PEOPLE[2], 260);
    give(PEOPLE[5], 120);
    tell();
  } else beat();
}
