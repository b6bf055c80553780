import assert from "node:assert/strict";
import test from "node:test";

import { createGauge } from "../../overlay/static/stage/gauge.js";

/* A page whose frames come at a pace. */
function machine({ page = null } = {}) {
  const gauge = createGauge({ page });
  let now = 1000;
  gauge.tick(now);
  return {
    gauge,
    level: gauge.level,
    frame: (ms) => gauge.tick((now += ms)),
    sleep: (ms) => void (now += ms),
    /* Frames for so long; how long it took until the level was another, or null. `pace` may depend on the level. */
    run(pace, for_ms) {
      const level = gauge.level();
      const from = now;
      while (now - from < for_ms) {
        now += typeof pace === "function" ? pace(gauge.level()) : pace;
        gauge.tick(now);
        if (gauge.level() !== level) return now - from;
      }
      return null;
    },
  };
}

const FPS = (n) => 1000 / n;

for (const fps of [60, 50, 30, 25]) {
  test(`a source that runs at ${fps} frames a second keeps all effects`, () => {
    const m = machine();
    assert.equal(m.run(FPS(fps), 120_000), null);
    assert.equal(m.level(), "high");
    assert.equal(m.gauge.fps(), fps);
  });
}

for (const fps of [15, 10, 3, 1.9]) {
  test(`at ${fps} frames a second effects go a step down in two seconds, and another in the next two`, () => {
    const m = machine();
    assert.ok(m.run(FPS(fps), 10_000) <= 2000);
    assert.equal(m.level(), "middle");
    assert.ok(m.run(FPS(fps), 10_000) <= 2000);
    assert.equal(m.level(), "low");
    assert.equal(m.run(FPS(fps), 120_000), null);
  });
}

test("a page that ran at 60 and falls to 40 is slow, one at 55 is not", () => {
  const m = machine();
  m.run(FPS(60), 10_000);
  assert.equal(m.run(FPS(55), 60_000), null);
  assert.ok(m.run(FPS(40), 10_000) <= 3100);
});

test("a card's sparks are short: their frames count together", () => {
  const m = machine();
  let taken = 0;
  while (m.level() === "high" && taken < 60_000) {
    for (let i = 0; i < 8; i += 1) m.frame(100);
    taken += 800;
    m.gauge.rest();
    m.sleep(20_000);
    m.frame(0);
  }
  assert.ok(taken <= 2400);
});

test("rests of the loop, sleeps of the machine and a hidden page are no slow frames", () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const m = machine({ page });
  const turn = (hidden) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  for (let i = 0; i < 100; i += 1) {
    m.run(FPS(60), 300);
    m.gauge.rest();
    m.frame(700);
    m.run(FPS(60), 300);
    turn(true);
    for (let seen = 0; seen < 5; seen += 1) m.frame(1000); // what some browsers let a hidden page have
    turn(false);
    m.frame(900);
    m.run(FPS(60), 300);
    m.frame(3_600_000);
  }
  assert.equal(m.level(), "high");
});

test("one hitch is forgiven, one in every window is not", () => {
  const m = machine();
  for (let i = 0; i < 20; i += 1) {
    m.run(FPS(60), 6000);
    m.frame(900);
  }
  assert.equal(m.level(), "high");
  for (let i = 0; i < 8 && m.level() === "high"; i += 1) {
    m.run(FPS(60), 700);
    m.frame(900);
  }
  assert.equal(m.level(), "middle");
});

test("effects come back, a step at a time, once frames went well for long", () => {
  const m = machine();
  m.run(FPS(60), 5000);
  m.run(FPS(20), 2000);
  m.run(FPS(20), 4000);
  assert.equal(m.level(), "low");
  const first = m.run(FPS(60), 60_000);
  assert.ok(first >= 15_000 && first < 18_000, `${first}`);
  assert.equal(m.level(), "middle");
  assert.ok(m.run(FPS(60), 60_000) >= 15_000);
  assert.equal(m.level(), "high");
});

test("what goes neither well nor slow brings nothing back", () => {
  const m = machine();
  m.run(FPS(60), 5000);
  m.run(FPS(20), 2000);
  assert.equal(m.level(), "middle");
  assert.equal(m.run(FPS(51), 300_000), null);
});

test("a machine that can carry the middle, and no more, does not swing: each relapse makes the next return later", () => {
  const m = machine();
  const pace = (level) => (level === "high" ? FPS(30) : FPS(60));
  m.run(FPS(60), 2000);
  const waits = [];
  for (let i = 0; i < 6; i += 1) {
    assert.ok(m.run(pace, 10_000) <= 3100, "it falls at once");
    assert.equal(m.level(), "middle");
    waits.push(m.run(pace, 600_000));
    assert.equal(m.level(), "high");
  }
  for (let i = 1; i < 5; i += 1) assert.ok(waits[i] > waits[i - 1] * 1.6, waits.join());
  assert.ok(waits.at(-1) < 250_000, "but it is tried again");
});

test("a while at the top in peace makes the next return sooner again", () => {
  const m = machine();
  m.run(FPS(60), 2000);
  for (let i = 0; i < 3; i += 1) {
    m.run(FPS(30), 10_000);
    m.run(FPS(60), 600_000);
  }
  assert.equal(m.level(), "high");
  m.run(FPS(60), 300_000);
  m.run(FPS(30), 10_000);
  assert.ok(m.run(FPS(60), 600_000) < 18_000);
});

test("OBS that is given fewer frames a second gets its effects back", () => {
  const m = machine();
  m.run(FPS(60), 10_000);
  m.run(FPS(30), 3000);
  m.run(FPS(30), 3000);
  assert.equal(m.level(), "low");
  m.run(FPS(30), 120_000);
  m.run(FPS(30), 120_000);
  assert.equal(m.level(), "high");
});

test("who says high or low gets it, whatever is measured", () => {
  const m = machine();
  m.gauge.set("high");
  m.run(FPS(5), 20_000);
  assert.equal(m.level(), "high");
  m.gauge.set("low");
  assert.equal(m.level(), "low");
  m.gauge.set("auto");
  assert.equal(m.level(), "low");
});
