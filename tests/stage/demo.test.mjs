import assert from "node:assert/strict";
import test from "node:test";

import alerts from "../../overlay/static/stage/demo-alerts.js";
import { settingsOf } from "../../overlay/static/stage/demo.js";
import { heatOf } from "../../overlay/static/stage/flair.js";
import { handClock } from "./stand-ins.mjs";

const SOURCE = `/* giftcast-widget
{ "title": "x", "settings": {
    "rows": {"type": "integer", "default": 5}, "calm": {"type": "boolean", "default": false},
    "period": {"type": "choice", "default": "today"} } }
*/
export default () => {};`;

test("a demonstration has the declared settings", () => {
  assert.deepEqual(settingsOf(SOURCE, new URLSearchParams("demo")), { rows: 5, calm: false, period: "today" });
});

test("the address may say otherwise, in the kind that is declared", () => {
  const query = new URLSearchParams("demo&rows=3&calm=true&period=week&unknown=1");
  assert.deepEqual(settingsOf(SOURCE, query), { rows: 3, calm: true, period: "week" });
});

test("a file without a declaration has none", () => {
  assert.deepEqual(settingsOf("export default () => {};", new URLSearchParams("rows=3")), {});
});

function alertsDemo(ms) {
  const clock = handClock();
  const said = [];
  alerts({ say: (type, data) => said.push({ type, data, at: clock.now() - 1000 }), clock, still: false, moment: "" });
  clock.turn(ms);
  return said;
}

test("the demonstration of alerts begins with a combo that grows hot, beside words, a scene and a film", () => {
  const early = alertsDemo(8_000);
  const combo = early.filter(({ data }) => data.combo);
  assert.equal(new Set(combo.map(({ data }) => data.combo.id)).size, 1);
  let sum = 0;
  for (const { data } of combo) assert.equal(data.combo.count, (sum += data.count));
  assert.deepEqual([...new Set(combo.map(({ data }) => heatOf(data.combo.count)))], [0, 1, 2, 3, 4]);
  for (let i = 1; i < combo.length; i += 1) assert.ok(combo[i].at - combo[i - 1].at < 2_000, "its card waits for the next");
  const beside = early.filter(({ data }) => !data.combo && data.viewer.name);
  for (const fits of [(tier) => tier < 3, (tier) => tier === 3 || tier === 4, (tier) => tier >= 5]) assert.ok(beside.some(({ data }) => fits(data.gift.tier)));
  assert.ok(beside.some(({ data }) => data.message));
});

test("it goes on for ever, with test gifts that have ids of their own", () => {
  const said = alertsDemo(60_000);
  assert.ok(new Set(said.filter(({ data }) => data.combo).map(({ data }) => data.combo.id)).size >= 2);
  assert.equal(new Set(said.map(({ data }) => data.gift_id)).size, said.length);
  for (const { type, data } of said) assert.deepEqual([type, data.test], ["gift.sent", true]);
});
