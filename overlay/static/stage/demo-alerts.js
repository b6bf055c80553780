/* Alerts that play: a combo that counts up and grows hot, beside it cards, a scene with words and a film. They are test
   gifts: nobody is told that they were shown. */

import { GIFTS, PEOPLE } from "./demo.js";

const COMBO = ["rose", 0, [1, 1, 1, 2, 3, 4, 8, 15, 15, 25, 25]]; // who adds how many, one after the other
const COMBO_MS = 420;
const BEATS = [
  ["panda", 2, 1],
  ["butterfly", 3, 1, "what a run!"],
  ["galaxy", 6, 1, "for the best chat there is"],
  ["doughnut", 4, 3],
  ["crown", 5, 1, "🎉 ありがとう！"],
  ["clover", 8, 7],
];
const FIRST_MS = 1100; // then others join in
const BEAT_MS = 1500;
const FILM_MS = 8000;
const ROUND_MS = 3000; // between one round and the next
const STILL = ["rose", 0, 5];
const PIN_MS = 60_000;

const AWAY = [
  ["rose", 12],
  ["panda", 2],
  ["galaxy", 1],
  ["doughnut", 3],
  ["heart", 5],
  ["lion", 1],
];

export default function demo({ say, clock, still, moment }) {
  let turn = 0;

  function sent([id, who, count, message = null], combo = null) {
    turn += 1;
    const gift = GIFTS.find((each) => each.id === id);
    return {
      gift_id: `${turn}-demo`,
      gift,
      count,
      total_coins: gift.price_coins * count,
      viewer: { name: PEOPLE[who], platform: "twitch" },
      creator: { name: "Ann" },
      message,
      combo,
      test: true,
    };
  }

  function send(beat, combo) {
    const data = sent(beat, combo);
    say("gift.sent", data);
    return data.gift.tier >= 5 ? FILM_MS : BEAT_MS;
  }

  const moments = {
    pin: () => say("pin.changed", { ...sent(["lion", 3, 1]), until: new Date(clock.date() + PIN_MS).toISOString() }),
    /* A page that comes back to many gifts. */
    tray() {
      PEOPLE.forEach((_, who) => {
        for (let i = 0; i <= who % 3; i += 1) send([AWAY[(who + i) % AWAY.length][0], who, AWAY[(who + 2 * i) % AWAY.length][1]]);
      });
      say("caught_up", {});
    },
    replay() {
      const data = sent(["crown", 1, 1]);
      say("control", { action: "replay", gift_id: data.gift_id, sent: data });
    },
  };

  /* The combo, from its first gift on. */
  function count([id, who, steps]) {
    const combo = { id: `c${turn + 1}`, count: 0 };
    const step = (at) => {
      combo.count += steps[at];
      send([id, who, steps[at]], { ...combo });
      if (at + 1 < steps.length) clock.after(COMBO_MS, () => step(at + 1));
    };
    step(0);
  }

  function round() {
    const beat = (at) => {
      const ms = send(BEATS[at]);
      clock.after(at + 1 < BEATS.length ? ms : ms + ROUND_MS, () => (at + 1 < BEATS.length ? beat(at + 1) : round()));
    };
    count(COMBO);
    clock.after(FIRST_MS, () => beat(0));
  }

  if (moments[moment]) moments[moment]();
  else if (still) send(STILL);
  else round();
}
