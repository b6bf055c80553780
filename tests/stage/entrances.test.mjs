import assert from "node:assert/strict";
import test from "node:test";

import { createEntrances, titleOf } from "../../overlay/static/stage/panels/entrances.js";
import { entranceOf, roomOf } from "../../overlay/static/stage/panels/room.js";
import { handClock } from "./stand-ins.mjs";

const NOW = Date.UTC(2027, 0, 15, 12);
const came = (id, ago_s = 0) => ({ id, name: id, rank: 1, coins: 5, at: new Date(NOW - ago_s * 1000).toISOString() });
const frame = (...entrances) => ({ at: new Date(NOW).toISOString(), data: { period: "month", entrances } });

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

function stage(storage = memory()) {
  const clock = handClock();
  const played = [];
  const line = createEntrances({ clock, storage, play: (entrance, done) => played.push({ id: entrance.id, period: entrance.period, done }) });
  return { clock, line, played, ids: () => played.map((each) => each.id) };
}

test("one after the other, each once", () => {
  const { clock, line, played, ids } = stage();
  line.hear(frame(came("a"), came("b")));
  line.hear(frame(came("a"), came("b"), came("c")));
  assert.deepEqual(ids(), ["a"]);
  assert.equal(played[0].period, "month");
  played[0].done();
  clock.turn(1000);
  assert.deepEqual(ids(), ["a", "b"]);
  played[1].done();
  clock.turn(1000);
  assert.deepEqual(ids(), ["a", "b", "c"]);
  assert.equal(clock.pending(), 0);
});

test("who came long ago is part of the room by now", () => {
  const { line, ids } = stage();
  line.hear(frame(came("old", 16), came("new", 14)));
  assert.deepEqual(ids(), ["new"]);
});

test("a page that is loaded again plays nothing twice", () => {
  const storage = memory();
  stage(storage).line.hear(frame(came("a")));
  const again = stage(storage);
  again.line.hear(frame(came("a"), came("b")));
  assert.deepEqual(again.ids(), ["b"]);
});

test("a storage that refuses stops nothing", () => {
  const broken = { getItem: () => "{not json", setItem: () => { throw new Error("full"); } };
  const { line, ids } = stage(broken);
  line.hear(frame(came("a")));
  assert.deepEqual(ids(), ["a"]);
});

test("a crowd waits in bounded number, and what nobody could see is let go", () => {
  const { clock, line, played, ids } = stage();
  line.hear(frame(...["a", "b", "c", "d", "e", "f", "g"].map((id) => came(id))));
  assert.equal(line.waiting(), 4);
  line.pause(true);
  assert.equal(line.waiting(), 0);
  played[0].done();
  clock.turn(1000);
  line.pause(false);
  line.hear(frame(came("z")));
  assert.deepEqual(ids(), ["a", "z"]);
});

test("titles", () => {
  assert.equal(titleOf({ rank: 1, period: "month" }), "Top gifter this month");
  assert.equal(titleOf({ rank: 2, period: "show" }), "2nd gifter this show");
  assert.equal(titleOf({ rank: 3, period: "?" }), "3rd gifter");
});

test("it stays inside every source", () => {
  for (const [width, height] of [[1920, 1080], [1280, 720], [1080, 1920], [900, 70], [300, 80], [120, 400]])
    for (const scale of [0.5, 1, 2]) {
      const room = roomOf(width, height);
      const made = entranceOf(room, scale);
      assert.ok(made.width <= room.width + 0.01 && made.height <= room.height + 0.01, `${width}×${height} ×${scale}`);
    }
});

test("in a small source it has the form with the larger letters", () => {
  const form = (width, height) => entranceOf(roomOf(width, height)).form;
  assert.deepEqual([form(1280, 720), form(640, 360), form(900, 70), form(260, 800)], ["ribbon", "ribbon", "line", "narrow"]);
});
