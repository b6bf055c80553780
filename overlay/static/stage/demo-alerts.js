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

export default function demo({ say, clock, still }) {
  let turn = 0;

  function send([id, who, count]) {
    turn += 1;
    const gift = GIFTS.find((each) => each.id === id);
    say("gift.sent", {
      gift_id: `${turn}-demo`,
      gift,
      count,
      total_coins: gift.price_coins * count,
      viewer: { name: PEOPLE[who], platform: "twitch" },
      creator: { name: "Ann" },
      message: turn % 3 ? null : "what a run!",
      combo: null,
      test: true,
    });
    return gift.tier >= 5 ? FILM_MS : BEAT_MS;
  }

  function beat() {
    clock.after(send(BEATS[turn % BEATS.length]), beat);
  }

  if (still) send(BEATS[0]);
  else beat();
}
