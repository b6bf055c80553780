import assert from "node:assert/strict";
import test from "node:test";

import { apart, nearest, shares } from "../../overlay/static/stage/panels/labels.js";

const room = { from: 0, to: 100, gap: 2 };

test("labels with room stand at their middles, at an end inside it", () => {
  const labels = [{ middle: 2, long: 20 }, { middle: 50, long: 20 }, { middle: 99, long: 20 }];
  assert.deepEqual(apart(labels, room), [0, 40, 80]);
});

test("those that would collide move apart, both ways, in their order", () => {
  assert.deepEqual(apart([{ middle: 50, long: 20 }, { middle: 52, long: 20 }], room), [30, 52]);
});

test("however close, none lies over another nor outside", () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const count = 2 + (seed % 5);
    const middles = Array.from({ length: count }, (_, at) => (seed * 37 * (at + 1)) % 101).sort((a, b) => a - b);
    const labels = middles.map((middle, at) => ({ middle, long: 4 + ((seed * (at + 3)) % 11) }));
    const starts = apart(labels, room);
    assert.ok(starts[0] >= -0.001 && starts.at(-1) + labels.at(-1).long <= 100.001, `${seed}`);
    for (let at = 1; at < count; at += 1) assert.ok(starts[at] >= starts[at - 1] + labels[at - 1].long + 2 - 0.001, `${seed}`);
  }
});

test("when they do not fit, the longest are cut first", () => {
  assert.deepEqual(shares([10, 50, 20], 100), [10, 50, 20]);
  assert.deepEqual(shares([10, 80, 40], 90), [10, 40, 40]);
  assert.deepEqual(shares([50, 50], 60), [30, 30]);
});

test("when there is room for some only, those next to now are named", () => {
  assert.deepEqual([...nearest([10, 40, 50, 90], 45, 2)].sort(), [1, 2]);
  assert.equal(nearest([10, 40], 45, 0).size, 0);
});
