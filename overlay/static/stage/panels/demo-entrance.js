/* Top gifters come in, one after the other. `&place=2` shows that place in a still. */

import { PEOPLE } from "../demo.js";

const BEAT_MS = 5200;
const SUMS = [0, 128_400, 57_250, 9_990];

export default function demo({ say, clock, still, settings, query }) {
  let turn = 0;
  const places = Math.min(3, Math.max(1, Number(settings.places) || 3));
  const place = Math.min(places, Math.max(1, Number(query?.get("place")) || 1));

  function enter(rank, name, hold) {
    turn += 1;
    const entrance = { id: `demo-${clock.date()}-${turn}`, name, rank, coins: SUMS[rank], at: new Date(clock.date()).toISOString(), hold };
    say("entrance.changed", { entrance_id: "demo", period: settings.period, entrances: [entrance] });
  }

  function beat() {
    enter(1 + (turn % places), PEOPLE[(turn * 5) % PEOPLE.length], false);
    clock.after(BEAT_MS, beat);
  }

  if (still) enter(place, PEOPLE[[0, 0, 2, 3][place]], true);
  else beat();
}
