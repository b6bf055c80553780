/* A battle that goes to and fro, with a time that counts double, and its end. */

import { PEOPLE } from "../demo.js";

const BEAT_MS = 1100;
const LENGTH_S = 46;
const GIFTS = [
  ["left", 0, 120],
  ["right", 3, 200],
  ["right", 2, 45],
  ["left", 4, 350],
  ["left", 0, 60],
  ["right", 5, 700],
  ["left", 6, 90],
  ["right", 2, 260],
  ["left", 8, 500],
];

export default function demo({ say, clock, still }) {
  let battle = null;
  let turn = 0;

  const stamp = (ms) => (still ? null : new Date(ms).toISOString());

  function begin() {
    const side = (name) => ({ name, points: 0, coins: 0, givers: 0, best: null, sums: new Map() });
    battle = { battle_id: turn + 1, phase: "on", from: clock.date(), left: side("Ann Äpfel"), right: side("🌙 نجمة الليل"), boost: null, winner: null };
  }

  function give([name, who, coins]) {
    const side = battle[name];
    const points = coins * (battle.boost?.times ?? 1);
    side.coins += coins;
    side.points += points;
    side.sums.set(PEOPLE[who], (side.sums.get(PEOPLE[who]) ?? 0) + points);
    side.givers = side.sums.size;
    const [best] = [...side.sums].sort((a, b) => b[1] - a[1]);
    side.best = { key: best[0], name: best[0], points: best[1] };
  }

  function tell() {
    const { from, ...rest } = battle;
    const bare = ({ sums, ...side }) => side;
    say("battle.changed", { ...rest, began_at: stamp(from), ends_at: stamp(from + LENGTH_S * 1000), left: bare(battle.left), right: bare(battle.right) });
  }

  function beat() {
    const past = battle ? (clock.date() - battle.from) / 1000 : Infinity;
    if (past > LENGTH_S + 14) begin();
    else if (past >= LENGTH_S) {
      const { left, right } = battle;
      Object.assign(battle, { phase: "over", boost: null, winner: left.points === right.points ? "draw" : left.points > right.points ? "left" : "right" });
    } else {
      const on = past > 9 && past < 24;
      battle.boost = on ? { times: 2, ends_at: stamp(battle.from + 24_000) } : null;
      give(GIFTS[turn % GIFTS.length]);
    }
    turn += 1;
    tell();
    clock.after(BEAT_MS, beat);
  }

  if (still) {
    begin();
    battle.boost = { times: 2, ends_at: null };
    for (const gift of [...GIFTS, ["left", 4, 410]]) give(gift);
    tell();
  } else beat();
}
