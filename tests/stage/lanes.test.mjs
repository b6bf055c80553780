import assert from "node:assert/strict";
import test from "node:test";

import { fitted, LANE, wordsRoom } from "../../overlay/static/stage/lanes.js";

const SIZES = [[1280, 720], [1920, 1080], [1080, 1920], [400, 300], [240, 400], [640, 120]];

test("what fits is left as it was set", () => {
  for (const [width, height] of SIZES) {
    const set = { scale: 1, laneHeight: 70, lanes: 3 };
    assert.deepEqual(fitted({ width, height, ...set }), set);
  }
});

test("whatever is set, there is a lane, and all lanes are inside the safe area", () => {
  for (const [width, height] of SIZES) {
    for (const scale of [0.5, 0.8, 1, 1.3, 1.6]) {
      for (const laneHeight of [30, 50, 70, 95]) {
        for (const lanes of [1, 2, 3]) {
          const is = fitted({ width, height, scale, laneHeight, lanes });
          const unit = (Math.min(width, height) / 100) * is.scale;
          const safe = Math.min(width, height) * 0.05;
          const lower = (height * is.laneHeight) / 100;
          const said = `${width}×${height} ${scale} ${laneHeight} ${lanes}: ${JSON.stringify(is)}`;
          assert.ok(is.lanes >= 1 && is.lanes <= lanes && is.scale <= scale, said);
          assert.ok(lower - ((is.lanes - 1) * LANE + 17.5) * unit >= safe, said);
          assert.ok(lower + 3.4 * unit <= height - safe + 1e-6, said);
          assert.ok(wordsRoom(width, unit) >= 20 * unit - 1e-6, said);
        }
      }
    }
  }
});

test("low cards have one lane, large ones two", () => {
  const at = { width: 1280, height: 720, lanes: 3 };
  assert.equal(fitted({ ...at, scale: 1, laneHeight: 30 }).lanes, 1);
  assert.deepEqual(fitted({ ...at, scale: 1.6, laneHeight: 70 }), { scale: 1.6, laneHeight: 70, lanes: 2 });
  assert.ok(fitted({ ...at, scale: 1.6, laneHeight: 30 }).laneHeight > 30);
  assert.ok(fitted({ width: 1080, height: 1920, lanes: 3, scale: 1.6, laneHeight: 70 }).scale < 1.4);
});
