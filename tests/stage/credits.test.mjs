import assert from "node:assert/strict";
import test from "node:test";

import { createCue, partsOf, timesOf } from "../../overlay/static/stage/panels/credits.js";
import { creditsOf, roomOf } from "../../overlay/static/stage/panels/room.js";

const NOW = Date.UTC(2027, 0, 15, 20);
const stamp = (ago_s) => new Date(NOW - ago_s * 1000).toISOString();
const giver = (at) => ({ key: `v${at}`, name: `n${at}`, coins: 1000 - at, gifts: 1 });
const show = (count, more = {}) => ({ givers: Array.from({ length: count }, (_, at) => giver(at)), gifts: [], biggest: null, combo: null, totals: { gifts: count, coins: 1, viewers: count }, ...more });
const words = { title: "Thank you", closing: "Bye", names: 100 };

test("the parts in their order, names in pieces, and how many more there were", () => {
  const gift = { gift_id: "1" };
  const data = show(40, { biggest: gift, combo: { ...gift, units: 9 }, gifts: [{}], totals: { gifts: 1, coins: 1, viewers: 45 } });
  const parts = partsOf(data, { ...words, names: 30 });
  assert.deepEqual(parts.map((part) => part.kind), ["title", "podium", "biggest", "combo", "gifts", "names", "names", "names", "closing"]);
  assert.deepEqual(parts.filter((part) => part.givers).flatMap((part) => part.givers).map((each) => each.key), data.givers.slice(0, 30).map((each) => each.key));
  assert.deepEqual(parts.filter((part) => part.kind === "names").map((part) => part.first), [true, false, false]);
  assert.equal(parts.at(-1).more, 15);
});

test("a show without gifts has credits too", () => {
  assert.deepEqual(partsOf(show(0), words).map((part) => part.kind), ["title", "closing"]);
});

test("how long they take: by their length and speed, within bounds", () => {
  const one = timesOf({ height: 2000, room: 600, unit: 10, speed: 1, pace: 8 });
  assert.deepEqual(one, { distance: 2600, ms: 32_500 });
  assert.equal(timesOf({ height: 2000, room: 600, unit: 10, speed: 2, pace: 8 }).ms, 16_250);
  assert.equal(timesOf({ height: 90_000, room: 600, unit: 10, speed: 1, pace: 8 }).ms, 180_000);
  assert.equal(timesOf({ height: 100, room: 60, unit: 10, speed: 1, pace: 8 }).ms, 8_000);
});

function page() {
  const done = [];
  const cue = createCue({ begin: ({ passed }) => done.push(passed), end: () => done.push("end") });
  return { done, hear: (data, auto = true) => cue.hear({ at: stamp(0), data: { show: 7, cue: null, ended_at: null, ...data } }, auto) };
}

test("a moderator's word rolls them once, and stops them", () => {
  const { done, hear } = page();
  const roll = { id: "9-a", rolls: true, at: stamp(0) };
  hear({});
  hear({ cue: roll });
  hear({ cue: roll });
  hear({ cue: { id: "10-b", rolls: false, at: stamp(0) } });
  assert.deepEqual(done, [0, "end"]);
});

test("a page that comes later goes on where they are by then", () => {
  const { done, hear } = page();
  hear({ cue: { id: "9-a", rolls: true, at: stamp(12) } });
  assert.deepEqual(done, [12_000]);
});

test("they roll by themselves when the show ends, if that is wanted", () => {
  const wanted = page();
  wanted.hear({});
  wanted.hear({ ended_at: stamp(1) });
  wanted.hear({ ended_at: stamp(1) });
  assert.deepEqual(wanted.done, [1_000]);
  const not = page();
  not.hear({ ended_at: stamp(1) }, false);
  assert.deepEqual(not.done, []);
});

test("of the end of the show and a word, the later counts", () => {
  const { done, hear } = page();
  hear({ cue: { id: "9-a", rolls: true, at: stamp(500) }, ended_at: stamp(10) });
  hear({ cue: { id: "11-c", rolls: false, at: stamp(3) }, ended_at: stamp(10) });
  hear({ cue: { id: "11-c", rolls: false, at: stamp(3) }, ended_at: stamp(10) });
  assert.deepEqual(done, [10_000, "end"]);
});

test("the slate stays inside every source", () => {
  for (const [width, height] of [[1920, 1080], [1280, 720], [1080, 1920], [300, 80], [900, 70], [120, 400]])
    for (const scale of [0.5, 1, 2]) {
      const room = roomOf(width, height);
      const made = creditsOf(room, { scale });
      assert.ok(made.width <= room.width + 0.01 && made.height <= room.height + 0.01, `${width}×${height} ×${scale}`);
    }
});
