import assert from "node:assert/strict";
import test from "node:test";

import { callMs, cardEnd } from "../../overlay/static/stage/pressure.js";
import { absorb, createShow, memberOf } from "../../overlay/static/stage/show.js";
import { names, rollCall } from "../../overlay/static/stage/words.js";

function crowd(...people) {
  const member = (name, at) => memberOf({ seq: at, data: { gift_id: `${at}-x`, gift: { id: "rose" }, viewer: { name, platform: "twitch" } } }, 0);
  const [first, ...rest] = people.map((name, at) => createShow(member(name, at + 1), "card"));
  for (const show of rest) absorb(first, show);
  return first;
}

const viewers = (count) => Array.from({ length: count }, (_, at) => `viewer${at}`);

test("a crowd's names and its roll call together name everybody once", () => {
  for (const count of [2, 3, 9, 23, 200]) {
    const show = crowd(...viewers(count));
    const lines = rollCall(show, 30, 19);
    const first = names(show, 19).replace(/ \+.*/, "");
    const said = [first, ...lines].join(", ").split(", ");
    assert.deepEqual([...said].sort(), viewers(count).sort());
    for (const line of lines) assert.ok(line.length <= 30, line);
  }
});

test("one giver needs no roll call, nor do two whose names fit", () => {
  assert.deepEqual(rollCall(crowd("Mira"), 30, 19), []);
  assert.deepEqual(rollCall(crowd("Mira", "Mira"), 30, 19), []);
  assert.deepEqual(rollCall(crowd("Mira", "Jo"), 30, 19), []);
});

test("a card stays until all are named, for six seconds at the most", () => {
  const rules = { card_ms: 6000, card_least_ms: 1700, combo_ms: 4000, lanes: 3 };
  const end = (calls) => cardEnd({ kind: "card", opened_at: 0, bumped_at: 1000, calls }, 100, rules);
  assert.equal(end(0), 2700);
  assert.equal(end(4), 1000 + 4 * 700);
  assert.equal(end(500), 1000 + 6000);
  assert.equal(callMs(4), 700);
  assert.equal(callMs(500), 250);
});
