/* The loader page of `giftcast obs`, its script run with a clock and pictures that a test moves. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { handClock } from "./stand-ins.mjs";

const HTML = readFileSync(new URL("../../bot/obs/loader.html", import.meta.url), "utf8");
const VALUES = { ADDRESS: "http://127.0.0.1:7878", PAGE: "http://127.0.0.1:7878/o/alerts#token", WIDTH: 71, HEIGHT: 67 };
const SCRIPT = HTML.match(/<script>([\s\S]*)<\/script>/)[1].replace(/\$([A-Z]+)/g, (_, name) => VALUES[name]);

/* Opens the page. pictures: those it asked for, in order; went: where it went. */
function open({ obs = false, random = () => 1 } = {}) {
  const clock = handClock();
  const offs = [];
  const page = { pictures: [], went: [], hint: { hidden: true }, now: clock.now, pass: clock.turn };
  class Picture {
    set src(address) {
      this.address = address;
      page.pictures.push(this);
    }
    removeAttribute() {}
    fail() {
      this.onerror();
    }
    load(width, height) {
      this.naturalWidth = width;
      this.naturalHeight = height;
      this.onload();
    }
  }
  vm.runInNewContext(SCRIPT, {
    Image: Picture,
    Date: { now: clock.now },
    Math: { min: Math.min, random },
    window: obs ? { obsstudio: {} } : {},
    location: { replace: (address) => page.went.push(address) },
    document: { getElementById: () => page.hint },
    setTimeout: (act, ms) => offs.push(clock.after(ms, act)),
    clearTimeout: (number) => offs[number - 1](),
  });
  return page;
}

/* How long it waits after a failure before it asks again. */
function pauseOf(page) {
  page.pictures.at(-1).fail();
  const before = page.pictures.length;
  const began = page.now();
  while (page.pictures.length === before) page.pass(50);
  return page.now() - began;
}

test("it asks at once, and goes to the overlay when giftcast shows its sign", () => {
  const page = open();
  assert.ok(page.pictures[0].address.startsWith("http://127.0.0.1:7878/o/here.svg?"));
  page.pictures[0].load(71, 67);
  page.pass(60_000);
  assert.deepEqual(page.went, [VALUES.PAGE]);
  assert.equal(page.pictures.length, 1);
});

test("its pauses grow, are spread, and have an end; it never gives up", () => {
  const long = open({ random: () => 1 });
  assert.deepEqual(Array.from({ length: 7 }, () => pauseOf(long)), [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  const short = open({ random: () => 0 });
  assert.deepEqual(Array.from({ length: 6 }, () => pauseOf(short)), [500, 1000, 2000, 4000, 7500, 7500]);
  for (let i = 0; i < 100; i += 1) pauseOf(long);
  long.pictures.at(-1).load(71, 67);
  assert.deepEqual(long.went, [VALUES.PAGE]);
});

test("a picture of another size is another program", () => {
  const page = open();
  page.pictures[0].load(1, 1);
  assert.deepEqual(page.went, []);
  page.pass(1000);
  page.pictures[1].load(71, 67);
  assert.equal(page.went.length, 1);
});

test("an answer that never comes is not waited for, and one that comes late is not heard", () => {
  const page = open();
  page.pass(5000);
  page.pass(1000);
  assert.equal(page.pictures.length, 2);
  page.pictures[0].load(71, 67);
  assert.deepEqual(page.went, []);
});

test("nothing is shown in OBS; elsewhere a hint, after a long time", () => {
  const inObs = open({ obs: true });
  inObs.pass(3_600_000);
  assert.equal(inObs.hint.hidden, true);
  const elsewhere = open();
  elsewhere.pass(19_999);
  assert.equal(elsewhere.hint.hidden, true);
  elsewhere.pass(1);
  assert.equal(elsewhere.hint.hidden, false);
});
