/* The credits of a made-up show; they begin again when they are over. `?demo=still&moment=` is "title", "podium" (usual),
   "gifts", "names" or "closing". */

import { GIFTS, PEOPLE } from "../demo.js";

const AGAIN_MS = 45_000;
const MOMENTS = { title: 0.2, podium: 0.37, gifts: 0.62, names: 0.76, closing: 0.9 };
const named = (id) => GIFTS.find((gift) => gift.id === id);

function gift(id, name, count) {
  const one = named(id);
  return { gift_id: `${id}-demo`, gift: one, count, total_coins: one.price_coins * count, viewer: { name, platform: "twitch" }, message: null };
}

export default function demo({ say, clock, still, moment }) {
  const people = [...PEOPLE, "kaffeeklatsch", "Ísadóra", "NightOwl_77", "Ωmega", "mochi ♡", "Captain Obvious", "tiny_dino", "Søren"];
  const givers = people.map((name, at) => ({ key: `v${at}`, name, coins: Math.round(64_200 / (at + 1) ** 1.25), gifts: 40 - at }));
  let turn = 0;

  function roll(hold) {
    turn += 1;
    say("credits.changed", {
      show: 1,
      cue: { id: `demo-${turn}`, rolls: true, at: new Date(clock.date()).toISOString(), hold },
      ended_at: null,
      givers,
      gifts: ["rose", "heart", "doughnut", "butterfly", "panda", "popcorn", "galaxy", "crown"].map((id, at) => ({ gift: named(id), count: Math.round(412 / (at * 1.6 + 1)), coins: 0 })),
      biggest: gift("lion", PEOPLE[0], 1),
      combo: { ...gift("rose", PEOPLE[4], 5), units: 125 },
      totals: { gifts: 873, coins: 214_900, viewers: 57 },
    });
    if (!still) clock.after(AGAIN_MS, () => roll(null));
  }

  roll(still ? (MOMENTS[moment] ?? MOMENTS.podium) : null);
}
