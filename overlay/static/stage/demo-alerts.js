/* Alerts that play: cards, a combo, a scene and a film. They are test gifts: nobody is told that they were shown. */

import { GIFTS, PEOPLE } from "./demo.js";

const BEATS = [
  ["rose", 0, 5],
  ["panda", 2, 1],
  ["rose", 0, 7],
  ["butterfly", 3, 1],
  ["doughnut", 4, 3],
  ["crown", 5, 1],
  ["galaxy", 6, 1],
];
const BEAT_MS = 1500;
const FILM_MS = 8000;
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

  function sent([id, who, count]) {
    turn += 1;
    const gift = GIFTS.find((each) => each.id === id);
    return {
      gift_id: `${turn}-demo`,
      gift,
      count,
      total_coins: gift.price_coins * count,
      viewer: { name: PEOPLE[who], platform: "twitch" },
      creator: { name: "Ann" },
      message: turn % 3 ? null : "what a run!",
      combo: null,
      test: true,
    };
  }

  function send(beat) {
    const data = sent(beat);
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

  function beat() {
    clock.after(send(BEATS[turn % BEATS.length]), beat);
  }

  if (moments[moment]) moments[moment]();
  else if (still) send(BEATS[0]);
  else beat();
}
