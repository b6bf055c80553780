import assert from "node:assert/strict";
import test from "node:test";

import { battleRoom, leaderOf, momentOf as battleMoment, restOf, seamOf } from "../../overlay/static/stage/panels/battles.js";
import { comboRoom, heatOf, isRecord, leftOf, ranked } from "../../overlay/static/stage/panels/combos.js";
import { createClock, minutes } from "../../overlay/static/stage/panels/countdown.js";
import { roomOf } from "../../overlay/static/stage/panels/room.js";
import { momentOf, shareOf, titleOf, trainRoom } from "../../overlay/static/stage/panels/trains.js";
import { createPile, JAR, piecesOf, radiusOf, vaseRoom } from "../../overlay/static/stage/panels/vases.js";
import { handClock } from "./stand-ins.mjs";

const SIZES = [
  [1920, 1080],
  [1280, 720],
  [1080, 1920],
  [1280, 90],
  [900, 70],
  [420, 60],
  [420, 640],
  [500, 500],
  [200, 900],
  [60, 30],
];

test("whatever the source's size, what is live stays inside its safe area", () => {
  for (const [width, height] of SIZES)
    for (const scale of [0.5, 1, 2]) {
      const room = roomOf(width, height);
      for (const made of [comboRoom(room, { scale }), comboRoom(room, { scale, record: false }), trainRoom(room, { scale }), battleRoom(room, { scale }), battleRoom(room, { scale, best: false }), vaseRoom(room, { scale })]) {
        const what = `${width}×${height} ×${scale} ${JSON.stringify(made)}`;
        assert.ok(made.u > 0 && made.width <= room.width + 0.01 && made.height <= room.height + 0.01, what);
      }
    }
});

test("a train and a battle are one line where their letters would be too small", () => {
  for (const room of [trainRoom, battleRoom]) {
    assert.equal(room(roomOf(1280, 80), {}).form, "line");
    assert.equal(room(roomOf(900, 70), {}).form, "line");
    assert.equal(room(roomOf(700, 190), {}).form, "bar");
    assert.equal(room(roomOf(1280, 720), { scale: 0.5 }).form, "bar");
    assert.equal(room(roomOf(420, 480), {}).form, "card");
  }
});

test("a combo grows hot in five steps", () => {
  assert.deepEqual([2, 9, 10, 25, 50, 99, 100, 5000].map(heatOf), [0, 0, 1, 2, 3, 3, 4, 4]);
});

test("the greatest combo leads, of equals the one that began first", () => {
  const combos = [
    { combo_id: "c12", count: 5 },
    { combo_id: "c9", count: 5 },
    { combo_id: "c30", count: 8 },
  ];
  assert.deepEqual(ranked(combos).map((each) => each.combo_id), ["c30", "c9", "c12"]);
  assert.equal(combos[0].combo_id, "c12", "what was told stays as it is");
});

test("what is left is counted on the server's clock, not on this machine's", () => {
  assert.equal(leftOf("2027-01-01T00:00:05.000Z", "2027-01-01T00:00:01.500Z"), 3500);
  assert.equal(leftOf("2027-01-01T00:00:05.000Z", "2027-01-01T00:01:00.000Z"), 0);
  assert.equal(leftOf(null, "2027-01-01T00:00:00.000Z"), Infinity, "a picture's clock stands");
});

test("a record is told once, when another combo becomes the longest", () => {
  const best = (combo_id, count) => ({ best: { combo_id, count } });
  assert.ok(isRecord(best("c1", 40), best("c2", 41).best));
  assert.ok(!isRecord(best("c2", 41), best("c2", 60).best), "it goes on");
  assert.ok(!isRecord(best("c1", 4), best("c2", 5).best), "too small to tell");
  assert.ok(!isRecord(best("c1", 40), best("c3", 20).best), "a refund made it the longest");
  assert.ok(!isRecord(null, best("c2", 41).best), "the page has just come");
  assert.ok(!isRecord({ best: null }, best("c2", 41).best), "the first one beats nothing");
});

const train = (more) => ({ phase: "riding", number: 1, level: 1, now: 0, target: 100, levels_max: 5, ...more });

test("moments of a train: it sets off, climbs, and ends", () => {
  assert.equal(momentOf(null, train()), null, "the page has just come");
  assert.equal(momentOf(train({ phase: "boarding", number: 0, level: 0 }), train()), "departs");
  assert.equal(momentOf(train({ phase: "idle", number: 0, level: 0 }), train({ level: 3 })), "departs");
  assert.equal(momentOf(train({ phase: "ended" }), train({ number: 2 })), "departs");
  assert.equal(momentOf(train(), train({ level: 2 })), "level");
  assert.equal(momentOf(train(), train({ now: 50 })), null);
  assert.equal(momentOf(train({ level: 3 }), train({ level: 2 })), null, "a refund");
  assert.equal(momentOf(train({ phase: "ended" }), train()), null, "a gift that was seen late carried it on");
  assert.equal(momentOf(train(), train({ phase: "ended" })), "ended");
  assert.equal(momentOf(train({ phase: "boarding" }), train({ phase: "ended" })), null);
  assert.equal(momentOf(train({ train_id: "a" }), train({ train_id: "b", level: 4 })), null, "other settings, another train");
});

test("how far a train is, and what it is called", () => {
  assert.deepEqual([{ now: 50, target: 200 }, { now: 900, target: null }, { now: 300, target: 200 }].map(shareOf), [0.25, 1, 1]);
  assert.equal(titleOf(train({ phase: "ended", level: 3 })), "Level 3 reached!");
  assert.equal(titleOf(train({ phase: "ended", level: 5 })), "Last stop reached!");
});

test("minutes and seconds, the last one full", () => {
  assert.deepEqual([0, 1, 999, 1000, 59_001, 65_000, 3_600_000].map(minutes), ["0:00", "0:01", "0:01", "0:01", "1:00", "1:05", "60:00"]);
});

test("a countdown writes once a second and leaves no timer at its end", () => {
  const clock = handClock();
  const element = { textContent: "" };
  const written = [];
  const countdown = createClock({ clock, element, each: () => written.push(element.textContent) });
  countdown.run(2500);
  clock.turn(5000);
  assert.deepEqual(written, ["0:03", "0:02", "0:01", "0:00"]);
  assert.equal(clock.pending(), 0);
  countdown.run(9000);
  countdown.run(1000);
  clock.turn(400);
  countdown.stop();
  assert.equal(clock.pending(), 0);
  assert.equal(element.textContent, "0:01");
});

const battle = (left, right, more) => ({ battle_id: 1, phase: "on", left: { points: left }, right: { points: right }, boost: null, ...more });

test("the seam of a battle stands where the points are, and leaves both room for their numbers", () => {
  const at = (left, right) => Math.round(100 * seamOf({ points: left }, { points: right }));
  assert.deepEqual([at(0, 0), at(50, 50), at(30, 70), at(0, 900), at(900, 1)], [50, 50, 30, 14, 86]);
  assert.deepEqual([leaderOf(battle(1, 1)), leaderOf(battle(2, 1)), leaderOf(battle(0, 1))], ["", "left", "right"]);
});

test("moments of a battle: start, a multiplier, the lead, the end", () => {
  const double = { times: 2 };
  assert.equal(battleMoment(null, battle(0, 0)), null, "the page has just come");
  assert.equal(battleMoment({ battle_id: 0, phase: "idle" }, battle(0, 0)), "starts");
  assert.equal(battleMoment(battle(5, 9, { phase: "over" }), battle(0, 0, { battle_id: 2 })), "starts");
  assert.equal(battleMoment(battle(0, 0), battle(0, 0, { boost: double })), "boost");
  assert.equal(battleMoment(battle(0, 0, { boost: double }), battle(3, 0, { boost: double })), null);
  assert.equal(battleMoment(battle(0, 0, { boost: double }), battle(0, 0, { boost: { times: 3 } })), "boost");
  assert.equal(battleMoment(battle(5, 3), battle(5, 9)), "lead");
  assert.equal(battleMoment(battle(0, 0), battle(5, 0)), null, "the first points take nothing over");
  assert.equal(battleMoment(battle(5, 3), battle(5, 3, { phase: "over" })), "over");
  assert.equal(battleMoment(battle(5, 3, { phase: "counting" }), battle(5, 3, { phase: "over" })), "over");
  assert.equal(battleMoment(battle(5, 3, { phase: "over" }), battle(1, 3, { phase: "over" })), null, "a refund");
  assert.equal(battleMoment(battle(5, 3, { phase: "over" }), { battle_id: 0, phase: "idle" }), null);
});

test("a result stays for a while, by the server's clock", () => {
  const ended = { ends_at: "2027-01-01T00:01:00.000Z" };
  assert.equal(restOf(ended, "2027-01-01T00:01:10.000Z", 30), 20_000);
  assert.equal(restOf(ended, "2027-01-01T00:09:00.000Z", 30), 0);
});

const SIZES_OF_GIFTS = [[10], [10, 10, 10, 14, 20, 30], [10, 10, 42, 56], [56]];

/* As many pieces as fill a jar. */
function filled(capacity, rooms) {
  const pieces = [];
  for (let room = 0; room < capacity * 10; room += rooms[(pieces.length - 1) % rooms.length])
    pieces.push({ key: `a#${pieces.length}`, art: "a", r: radiusOf(rooms[pieces.length % rooms.length], capacity) });
  return pieces;
}

test("in a full vase nothing lies in another's place, beyond the glass or far above the brim", () => {
  for (const capacity of [40, 80, 300])
    for (const rooms of SIZES_OF_GIFTS) {
      const lying = createPile().lay(filled(capacity, rooms));
      const what = `${capacity} ${rooms}`;
      lying.forEach((a, at) => {
        assert.ok(a.x >= a.r - 0.01 && a.x <= JAR.inner - a.r + 0.01 && a.y >= a.r - 0.01, `${what}: ${at} is outside`);
        for (const b of lying.slice(0, at)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= a.r + b.r - 0.01, `${what}: ${at} lies in another`);
      });
      const top = Math.max(...lying.map((each) => each.y));
      assert.ok(top > 0.6 * JAR.deep && top < JAR.deep + 32, `${what}: filled up to ${top}`);
    }
});

test("the same gifts lie in the same places, and what is added moves nothing", () => {
  const pieces = filled(80, SIZES_OF_GIFTS[1]);
  const pile = createPile();
  const half = pile.lay(pieces.slice(0, 30));
  const whole = pile.lay(pieces);
  assert.deepEqual(whole.slice(0, 30), half);
  assert.deepEqual(createPile().lay(pieces), whole);
  assert.deepEqual(pile.lay(pieces.slice(0, 30)), half, "what is taken off the top leaves the rest");
  const without = pile.lay(pieces.filter((_, at) => at !== 5));
  assert.deepEqual(without.slice(0, 5), whole.slice(0, 5), "what lay below a gift that is gone stays");
  assert.equal(without.length, pieces.length - 1);
});

test("every piece of a vase has a name of its own that lasts", () => {
  const gifts = [{ gift: { id: "rose", art: "rose" }, room: 10 }, { gift: { id: "lion", art: "lion" }, room: 56 }];
  const found = piecesOf({ capacity: 80, gifts, pieces: [[0, 2], [1, 1], [0, 1]] });
  assert.deepEqual(found.map((each) => each.key), ["rose#0", "rose#1", "lion#0", "rose#2"]);
  assert.ok(found[2].r > 2 * found[0].r);
});
