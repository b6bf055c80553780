import assert from "node:assert/strict";
import test from "node:test";

import { CHEER_RULES, createCheers } from "../../overlay/static/stage/cheers.js";
import { handClock } from "./stand-ins.mjs";

function house() {
  const clock = handClock();
  const calls = [];
  const now = { listens: true, busy: false };
  const scene = {
    open: (cheer) => calls.push(["open", cheer.bits, cheer.viewer]),
    close: (cheer, manner) => calls.push(["close", cheer.bits, manner]),
  };
  const cheers = createCheers({ clock, scene, listens: () => now.listens, busy: () => now.busy });
  const cheer = (bits, more = {}) =>
    cheers.add({ data: { viewer: { name: "Mira", platform: "twitch" }, bits, message: null, anonymous: false, ...more } });
  return { clock, calls, now, cheers, cheer, opened: () => calls.filter(([verb]) => verb === "open").map(([, bits]) => bits) };
}

test("a cheer is shown at once and goes by itself", () => {
  const h = house();
  h.cheer(100);
  assert.deepEqual(h.calls, [["open", 100, "Mira"]]);
  h.clock.turn(CHEER_RULES.stay_ms);
  assert.deepEqual(h.calls.at(-1), ["close", 100, "leave"]);
  h.clock.turn(60_000);
  assert.equal(h.clock.pending(), 0, "an idle page has no timer");
});

test("others wait their turn, and the one before them hurries", () => {
  const h = house();
  for (const bits of [1, 2, 3]) h.cheer(bits);
  assert.deepEqual(h.opened(), [1]);
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), [1, 2, 3]);
});

test("when too many wait the smallest goes, and the line is bounded", () => {
  const h = house();
  h.cheer(1);
  for (let bits = 1; bits <= 100; bits += 1) h.cheer(bits);
  assert.equal(h.cheers.state().waiting, CHEER_RULES.most);
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), [1, 93, 94, 95, 96, 97, 98, 99, 100]);
});

test("what comes while nothing may play is let go, and so is what waits", () => {
  const h = house();
  h.now.listens = false;
  h.cheer(100);
  h.now.listens = true;
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), []);
  h.cheer(1);
  h.cheer(2);
  h.now.listens = false;
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), [1]);
  assert.equal(h.clock.pending(), 0);
});

test("a film is not disturbed; what then comes too late is let go", () => {
  const h = house();
  h.now.busy = true;
  h.cheer(100);
  h.clock.turn(5_000);
  assert.deepEqual(h.opened(), []);
  h.now.busy = false;
  h.clock.turn(CHEER_RULES.again_ms);
  assert.deepEqual(h.opened(), [100]);
  h.clock.turn(60_000);
  h.now.busy = true;
  h.cheer(200);
  h.clock.turn(CHEER_RULES.fresh_ms + 1_000);
  h.now.busy = false;
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), [100]);
});

test("a moderator clears all, and skips the one that plays", () => {
  const h = house();
  for (const bits of [1, 2, 3]) h.cheer(bits);
  h.cheers.control("skip", "7-abcd");
  assert.equal(h.cheers.state().open, 1, "that was a gift");
  h.cheers.control("skip");
  assert.deepEqual(h.calls.at(-1), ["close", 1, "cut"]);
  h.clock.turn(CHEER_RULES.gap_ms);
  assert.equal(h.cheers.state().open, 2);
  h.cheers.control("clear");
  h.clock.turn(60_000);
  assert.deepEqual(h.opened(), [1, 2]);
});

test("numbers and names are taken as they come, and mended", () => {
  const h = house();
  h.cheer("12.9", { anonymous: true, viewer: null });
  h.cheer(-5, { viewer: undefined });
  h.clock.turn(60_000);
  assert.deepEqual(
    h.calls.filter(([verb]) => verb === "open"),
    [
      ["open", 12, null],
      ["open", 1, ""],
    ],
  );
});
