import assert from "node:assert/strict";
import test from "node:test";

import { createTurns, faultOf, hostOf, pathOf } from "../../overlay/static/stage/panels/qr.js";
import { cardOf, roomOf } from "../../overlay/static/stage/panels/room.js";
import { handClock } from "./stand-ins.mjs";

test("runs of dark modules become rectangles, with the quiet zone around them", () => {
  assert.equal(pathOf(["1101", "0000", "0111"]), "M4 4h2v1h-2zM7 4h1v1h-1zM5 6h3v1h-3z");
});

test("what people read of a link", () => {
  assert.deepEqual(["https://www.example.org/discord/", "http://x.org:8080", "https://e.org/a-very-long-path-that-nobody-can-read", "nonsense"].map(hostOf), ["example.org/discord", "x.org:8080", "e.org", ""]);
});

test("what is no link, and why", () => {
  assert.deepEqual(["https://x.org", "http://x/y?z"].map(faultOf), ["", ""]);
  for (const wrong of ["", "x.org", "javascript:alert(1)", "https://", "https://a b", "ftp://x"]) assert.match(faultOf(wrong), /https/);
  assert.match(faultOf(`https://${"a".repeat(300)}`), /300/);
});

function card() {
  const clock = handClock();
  const done = [];
  const turns = createTurns({ clock, show: () => done.push("show"), hide: () => done.push("hide") });
  return { clock, done, turns };
}

test("it comes soon, stays, and comes again", () => {
  const { clock, done, turns } = card();
  turns.set({ every_ms: 600_000, show_ms: 20_000 });
  clock.turn(4_000);
  assert.deepEqual(done, ["show"]);
  clock.turn(20_000);
  assert.deepEqual(done, ["show", "hide"]);
  clock.turn(579_000);
  assert.equal(done.length, 2);
  clock.turn(1_000);
  assert.deepEqual(done, ["show", "hide", "show"]);
  assert.equal(clock.pending(), 1);
});

test("with no minutes between, or on hold, it stays", () => {
  for (const plan of [{ every_ms: 0, show_ms: 5_000 }, { every_ms: 600_000, show_ms: 5_000, hold: true }]) {
    const { clock, done, turns } = card();
    turns.set(plan);
    clock.turn(9_000_000);
    assert.deepEqual([done, clock.pending()], [["show"], 0]);
  }
});

test("the same settings again change nothing, and none take it away", () => {
  const { clock, done, turns } = card();
  turns.set({ every_ms: 0, show_ms: 5_000 });
  clock.turn(5_000);
  turns.set({ every_ms: 0, show_ms: 5_000 });
  clock.turn(5_000);
  assert.deepEqual(done, ["show"]);
  turns.set(null);
  clock.turn(9_000);
  assert.deepEqual([done, clock.pending()], [["show", "hide"], 0]);
});

test("the card stays inside every source, and its modules are whole pixels where there is room", () => {
  for (const [width, height] of [[1920, 1080], [1280, 720], [1080, 1920], [700, 220], [900, 70], [300, 380], [120, 40], [60, 40]])
    for (const scale of [0.5, 1, 2])
      for (const words of [true, false]) {
        const room = roomOf(width, height);
        const made = cardOf(room, { scale, words, modules: 33 });
        assert.ok(made.width <= room.width + 0.01 && made.height <= room.height + 0.01, `${width}×${height} ×${scale}`);
        assert.ok(made.code <= made.width && made.code <= made.height);
        if (made.code >= 66) assert.equal(made.code % 33, 0);
      }
});
