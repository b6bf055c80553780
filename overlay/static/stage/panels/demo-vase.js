/* A vase that fills and is emptied; told as the server does. */

import { GIFTS } from "../demo.js";

const BEAT_MS = 1300;
const ROOM = { 1: 10, 2: 10, 3: 14, 4: 20, 5: 30, 6: 42, 7: 56 };
const SENT = [
  ["rose", 3],
  ["panda", 1],
  ["heart", 4],
  ["butterfly", 1],
  ["doughnut", 2],
  ["crown", 1],
  ["coffee", 2],
  ["rose", 5],
  ["galaxy", 1],
  ["popcorn", 3],
  ["balloon", 1],
  ["clover", 4],
  ["bouquet", 1],
  ["teddy", 1],
];

export default function demo({ say, clock, still, settings }) {
  const capacity = Number(settings.capacity) || 80;
  const named = (id) => GIFTS.find((gift) => gift.id === id);
  let pieces = [];
  let room = 0;
  let full = 1;
  let turn = 0;

  function send([id, units]) {
    const each = ROOM[named(id).tier];
    for (let i = 0; i < units; i += 1) {
      pieces.push(id);
      room += each;
      if (room < capacity * 10) continue;
      full += 1;
      room = 0;
      pieces = [];
    }
  }

  function tell() {
    const inside = [...new Set(pieces)];
    say("vase.changed", {
      vase_id: "demo",
      capacity,
      full,
      fill: Math.floor(room / capacity / 0.01),
      count: pieces.length,
      pieces: pieces.map((id) => [inside.indexOf(id), 1]),
      gifts: inside.map((id) => ({ gift: named(id), room: ROOM[named(id).tier] })),
    });
  }

  function beat() {
    send(SENT[turn % SENT.length]);
    turn += 1;
    tell();
    clock.after(BEAT_MS, beat);
  }

  while (room < capacity * (still ? 7.2 : 6)) send(SENT[turn++ % SENT.length]);
  tell();
  if (!still) clock.after(BEAT_MS, beat);
}
