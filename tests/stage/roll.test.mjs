/* Everybody is named, and long enough to be read: who shares a film or a card with many. */

import assert from "node:assert/strict";
import test from "node:test";

import { createDirector } from "../../overlay/static/stage/director.js";
import { openMemory } from "../../overlay/static/stage/memory.js";
import { createReceipts } from "../../overlay/static/stage/receipts.js";
import { fakeScene, fakeStorage, giftFrame, handClock } from "./stand-ins.mjs";

function house(rules) {
  const clock = handClock();
  const scene = fakeScene();
  const sent = [];
  const receipts = createReceipts({ memory: openMemory({ storage: fakeStorage(), token: "t" }), clock, send: (message) => sent.push(message) });
  const readMs = new Map(); // name → how long it stood
  const since = new Map(); // show → [when its names were written, they]
  const told = (show) => show.page?.lines.flat() ?? [show.members.at(-1).viewer];
  const read = (show, names) => {
    const [at, before] = since.get(show) ?? [0, []];
    for (const name of before) readMs.set(name, (readMs.get(name) ?? 0) + clock.now() - at);
    since.set(show, [clock.now(), names]);
  };
  const looks = (verb) => (show, ...rest) => {
    read(show, verb === "close" ? [] : told(show));
    return scene[verb](show, ...rest);
  };
  const watched = { ...scene, open: looks("open"), bump: looks("bump"), write: looks("write"), close: looks("close") };
  const director = createDirector({ clock, scene: watched, receipts, rules });
  const shown = () => new Set(sent.filter((message) => message.type === "shown").flatMap((message) => message.gift_ids));
  const dropped = () => sent.filter((message) => message.type === "dropped");
  return { clock, scene, director, readMs, shown, dropped };
}

const GIFTS = ["rose", "heart", "panda", "star", "clap", "cake", "fox", "gem", "coffee", "wand"];

function storm(h, count, give) {
  for (let i = 0; i < count; i += 1) {
    h.director.gift(giftFrame({ id: `g${i}`, viewer: `v${i}`, ...give(i) }));
    h.clock.turn(2000 / count);
  }
}

const films = (h) => h.scene.opened().filter((show) => show.kind === "hero");

for (const count of [2, 15, 30, 200]) {
  test(`${count} viewers send one great gift: all are named, a second each, and films are shared`, () => {
    const h = house();
    storm(h, count, () => ({ gift: "galaxy", tier: 6, price: 1000 }));
    h.clock.turn(20_000 + count * 3000);
    assert.equal(h.readMs.size, count);
    assert.ok(Math.min(...h.readMs.values()) >= 950, `${Math.min(...h.readMs.values())} ms`);
    assert.equal(h.shown().size, count);
    assert.deepEqual(h.dropped(), []);
    assert.ok(films(h).length <= 7 + count / 12, `${films(h).length} films`);
    assert.ok(films(h).every((show) => show.rate >= 1));
  });
}

for (const count of [40, 300, 600]) {
  test(`${count} viewers send small gifts in two seconds: all are named, before their card goes`, () => {
    const h = house();
    storm(h, count, (i) => ({ gift: GIFTS[i % 10] }));
    h.clock.turn(20_000 + count * 300);
    assert.equal(h.readMs.size, count);
    assert.ok(Math.min(...h.readMs.values()) >= 690, `${Math.min(...h.readMs.values())} ms`);
    assert.equal(h.shown().size, count);
    assert.deepEqual(h.dropped(), []);
    assert.equal(h.director.state().lanes.length, 0);
  });
}

test("a storm that goes on: who waits is counted where they wait, and the line stays short", () => {
  const h = house();
  const began = performance.now();
  let longest = 0;
  for (let i = 0; i < 6000; i += 1) {
    h.director.gift(giftFrame({ id: `g${i}`, viewer: `v${i % 280}`, gift: GIFTS[(i * 7) % 10] }));
    h.clock.turn(2.5);
    longest = Math.max(longest, h.director.state().waiting);
  }
  h.clock.turn(60_000);
  assert.equal(h.readMs.size, 280);
  assert.equal(h.shown().size, 6000);
  assert.ok(longest <= 25, `${longest} waiting`);
  assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
});

test("a card that plays takes in no more than it can name; the others have the next", () => {
  const h = house({ lanes: 1 });
  storm(h, 400, () => ({ gift: "rose" }));
  h.clock.turn(300_000);
  assert.equal(h.readMs.size, 400);
  assert.equal(h.director.state().lanes.length, 0, "and it goes");
  assert.ok(h.scene.opened().length >= 8);
});

test("who joins a card late is named on it, too", () => {
  const h = house({ lanes: 1 });
  storm(h, 12, () => ({ gift: "rose" }));
  for (let i = 0; i < 10; i += 1) {
    h.clock.turn(1300);
    h.director.gift(giftFrame({ gift: "rose", viewer: `late${i}` }));
  }
  h.clock.turn(60_000);
  assert.equal(h.readMs.size, 22);
  assert.equal(h.director.state().lanes.length, 0);
});

test("names wait while nothing can be seen", () => {
  const h = house({ lanes: 1 });
  h.director.gift(giftFrame({ gift: "heart" }));
  for (let i = 0; i < 9; i += 1) h.director.gift(giftFrame({ gift: "rose", viewer: `v${i}` }));
  h.director.control("skip");
  h.clock.turn(1000);
  const card = h.scene.opened()[1];
  const first = card.page.lines.flat();
  h.director.presence({ visible: false, active: true });
  h.clock.turn(60_000);
  assert.deepEqual(card.page.lines.flat(), first);
  h.director.presence({ visible: true, active: true });
  h.clock.turn(2000);
  assert.notDeepEqual(card.page.lines.flat(), first);
  h.clock.turn(20_000);
  assert.equal(card.called.size, 9);
});

test("who is taken back is not called any more", () => {
  const h = house({ lanes: 1 });
  h.director.gift(giftFrame({ gift: "heart" }));
  for (let i = 0; i < 5; i += 1) h.director.gift(giftFrame({ id: `r${i}`, gift: "rose", viewer: `v${i}` }));
  h.director.control("skip");
  h.clock.turn(1000);
  const card = h.scene.opened()[1];
  assert.deepEqual(card.page.lines.flat(), ["v0", "v1", "v2"]);
  h.director.returned("r1");
  assert.deepEqual(card.page.lines.flat(), ["v0", "v2", "v3"]);
  h.director.returned("r0");
  h.director.returned("r2");
  h.director.returned("r3");
  assert.equal(card.page, null, "one viewer is no crowd");
  h.clock.turn(60_000);
  assert.equal(h.clock.pending(), 1, "nothing but the receipts' own repetition");
});
