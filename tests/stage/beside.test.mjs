import assert from "node:assert/strict";
import test from "node:test";

import { besideFilm } from "../../overlay/static/stage/beside.js";
import { fitted, LANE } from "../../overlay/static/stage/lanes.js";

const SIZES = [[1280, 720], [1920, 1080], [1080, 1920], [640, 360], [400, 300], [240, 400]];
const stood = (width, height, asked) => {
  const is = fitted({ width, height, ...asked });
  return { is, unit: (Math.min(width, height) / 100) * is.scale, ...besideFilm({ width, height, ...is }) };
};

test("beside a film cards are smaller at 16:9, and as they are in a high source or when they are small anyway", () => {
  const at = { scale: 1, laneHeight: 60, lanes: 3 };
  assert.deepEqual(besideFilm({ width: 1280, height: 720, ...at }), { size: 0.75, rise: 0 });
  assert.deepEqual(besideFilm({ width: 1080, height: 1920, ...at }), { size: 1, rise: 0 });
  assert.deepEqual(besideFilm({ width: 1280, height: 720, ...at, scale: 0.5 }), { size: 1, rise: 0 });
  assert.equal(besideFilm({ width: 640, height: 360, ...at }).size, 1); // or they could not be read
});

test("whatever is set, all lanes stand between the safe area and the caption of a film", () => {
  for (const [width, height] of SIZES) {
    for (const scale of [0.5, 1, 1.6]) {
      for (const laneHeight of [30, 70, 95]) {
        for (const lanes of [1, 2, 3]) {
          const { is, unit, size, rise } = stood(width, height, { scale, laneHeight, lanes });
          const said = `${width}×${height} ${scale} ${laneHeight} ${lanes}: ${size} ${rise}`;
          const short = Math.min(width, height);
          const caption = height * (height > width ? 0.9 : 0.93) - 0.215 * short * Math.min(1.15, is.scale);
          const lower = (height * is.laneHeight) / 100 - rise;
          assert.ok(lower + 3.4 * unit * size <= caption + 1e-6, said);
          assert.ok(lower - ((is.lanes - 1) * LANE + 17.5) * unit * size >= short * 0.05 - 1e-6, said);
          assert.ok(size > 0.4 && rise >= 0, said);
        }
      }
    }
  }
});
