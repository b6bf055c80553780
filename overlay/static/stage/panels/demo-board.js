/* A board that lives: people overtake each other, some come new. */

import { PEOPLE } from "../demo.js";

const BEAT_MS = 2200;

export default function demo({ say, clock, still, settings }) {
  const sums = new Map(PEOPLE.slice(0, 7).map((name, at) => [name, [5200, 3400, 2950, 1800, 990, 640, 75][at]]));
  let ranks = new Map();
  let turn = 0;

  function tell() {
    const sorted = [...sums].sort((a, b) => b[1] - a[1]);
    const rows = sorted.map(([name, coins], at) => ({ key: name, rank: at + 1, name, coins, gifts: 1 + (coins % 9), was: ranks.get(name) ?? (ranks.size ? null : at + 1) }));
    ranks = new Map(rows.map((row) => [row.key, row.rank]));
    say("board.changed", { board_id: settings.period, period: settings.period, rows });
  }

  /* Who gives next: now a climber, now somebody new, now the first again. */
  function beat() {
    const names = [...sums.keys()];
    const name = turn % 5 === 4 ? PEOPLE[(7 + turn) % PEOPLE.length] : names[(turn * 3 + 4) % names.length];
    sums.set(name, (sums.get(name) ?? 0) + [90, 1500, 2600, 420, 3300][turn % 5]);
    turn += 1;
    tell();
    clock.after(BEAT_MS, beat);
  }

  tell();
  if (!still) clock.after(BEAT_MS, beat);
}
