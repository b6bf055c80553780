import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import test from "node:test";

import { along, framesOf } from "../../overlay/static/stage/film.js";
import { DEFAULT_PALETTE } from "../../overlay/static/stage/art.js";
import { calm, generic } from "../../overlay/static/stage/heroes/generic.js";
import { FILMS } from "../../overlay/static/stage/heroes/index.js";
import { KINDS } from "../../overlay/static/stage/sprites.js";
import { VOICES } from "../../overlay/static/stage/voices.js";

const overlay = new URL("../../overlay/", import.meta.url);
const films = { ...FILMS, generic: generic("crown", DEFAULT_PALETTE) };

test("every film in the folder is in the index", () => {
  const files = readdirSync(new URL("static/stage/heroes/", overlay)).map((name) => name.replace(/\.js$/, ""));
  assert.deepEqual(files.filter((name) => !["index", "generic", "parts"].includes(name)).sort(), Object.keys(FILMS).sort());
});

test("no two films share a timeline, nor a score", () => {
  const lines = Object.values(films).map((film) => JSON.stringify(film.layers.map((layer) => layer.keys)));
  assert.equal(new Set(lines).size, lines.length);
  const scores = Object.values(films).map((film) => JSON.stringify(film.score));
  assert.equal(new Set(scores).size, scores.length);
});

for (const [art, film] of Object.entries(films)) {
  test(`${art}: four beats in 3 to 8 seconds, three moving layers or more`, () => {
    const { arrival, reveal, climax, farewell } = film.beats;
    assert.ok(0 <= arrival && arrival < reveal && reveal < climax && climax < farewell && farewell < film.length_ms);
    assert.ok(film.length_ms >= 3000 && film.length_ms <= 8000);
    const moving = film.layers.filter(
      (layer) => !layer.rich && layer.keys.some(([, pose]) => ["x", "y", "s", "r", "sx", "sy"].some((key) => key in pose)),
    );
    assert.ok(moving.length >= 3, `${moving.length} moving layers`);
  });

  test(`${art}: keys, sparks and cues stand in order and inside the film; all it names exists`, () => {
    for (const layer of film.layers) {
      const times = layer.keys.map(([ms]) => ms);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
        layer.name,
      );
      assert.ok(times.at(-1) <= film.length_ms, layer.name);
      if (layer.layer) assert.ok(existsSync(new URL(`art/layers/${layer.layer.join("/")}-1024.webp`, overlay)), layer.layer.join("/"));
      if (layer.art) assert.ok(existsSync(new URL(`art/gifts/${layer.art}-${layer.px ?? 1024}.webp`, overlay)), layer.art);
    }
    for (const spark of film.sparks) {
      assert.ok(KINDS.includes(spark.spray.kind), spark.spray.kind);
      assert.ok(spark.at + (spark.for ?? 0) <= film.length_ms);
      if (spark.follow)
        assert.ok(
          film.layers.some((layer) => layer.name === spark.follow),
          spark.follow,
        );
    }
    for (const [at, voice] of film.score) assert.ok(voice in VOICES && at < film.length_ms, voice);
  });

  test(`${art}: it begins and ends with an empty stage`, () => {
    for (const layer of film.layers) {
      const frames = framesOf(layer.keys, film.length_ms, 10);
      const away = ({ opacity, transform }) => opacity === 0 || /translate\((-?\d{4,}|[^,]+, (-?[5-9]\d\d|-?\d{4,}))/.test(transform);
      assert.ok(away(frames.at(-1)), `${layer.name} stays`);
    }
  });

  test(`${art}: nothing large flashes more than three times a second`, () => {
    for (const layer of film.layers.filter((each) => each.size >= 40 && each.draw)) {
      const jumps = layer.keys.filter(([ms, pose], i) => i && "o" in pose && ms - layer.keys[i - 1][0] < 160).map(([ms]) => ms);
      for (const from of jumps) assert.ok(jumps.filter((ms) => ms >= from && ms < from + 1000).length <= 3, layer.name);
    }
  });
}

test("the phoenix's wings leave with its body", () => {
  const [left, body] = ["left", "body"].map((name) => FILMS.phoenix.layers.find((layer) => layer.name === name).keys);
  for (const [ms, pose] of left.filter(([at]) => at >= FILMS.phoenix.beats.farewell && at <= 6800)) {
    const [, { y, s }, ease] = body.find(([at]) => at === ms);
    assert.deepEqual([pose.y, pose.s], [y, s]);
    if (ms < 6800) assert.equal(ease, "linear");
  }
});

test("the calm film only fades", () => {
  for (const layer of calm("lion", 5000).layers) assert.deepEqual([...new Set(layer.keys.flatMap(([, pose]) => Object.keys(pose)))], ["o"]);
});

test("a path is followed evenly", () => {
  assert.deepEqual(
    along(
      [
        [0, 0],
        [10, 0],
        [10, 10],
      ],
      0.75,
    ).map(Math.round),
    [10, 5],
  );
});
