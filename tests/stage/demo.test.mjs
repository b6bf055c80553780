import assert from "node:assert/strict";
import test from "node:test";

import { settingsOf } from "../../overlay/static/stage/demo.js";

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
