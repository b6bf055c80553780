/* Goals that live: one on its way past its steps and its target, one of roses. */

import { GIFTS } from "../demo.js";

const BEAT_MS = 1900;
const GAINS = [120, 60, 400, 35, 900, 250, 700];

export default function demo({ say, clock, still }) {
  const chair = {
    goal_id: "chair",
    place: 0,
    name: "A new chair for the stream",
    counts: "coins",
    gift: null,
    now: 2440,
    target: 5000,
    segments: [
      { at: 1000, name: "Karaoke" },
      { at: 2500, name: "Hot sauce" },
      { at: 4000, name: "Chat picks the game" },
    ],
    period: "week",
  };
  const roses = { goal_id: "roses", place: 1, name: "A thousand roses", counts: "gifts", gift: GIFTS.find((each) => each.id === "rose"), now: 312, target: 1000, segments: [], period: "show" };
  let turn = 0;

  function beat() {
    chair.now += GAINS[turn % GAINS.length];
    roses.now += 7;
    if (chair.now > 7000) Object.assign(chair, { now: 1900 });
    turn += 1;
    say("goal.changed", { ...chair });
    say("goal.changed", { ...roses });
    clock.after(BEAT_MS, beat);
  }

  say("goal.changed", { ...chair });
  say("goal.changed", { ...roses });
  if (!still) clock.after(BEAT_MS, beat);
}
