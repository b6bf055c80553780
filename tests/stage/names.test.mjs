import assert from "node:assert/strict";
import test from "node:test";

import { cardEnd, filmPages, filmRate } from "../../overlay/static/stage/pressure.js";
import { absorb, createShow, memberOf } from "../../overlay/static/stage/show.js";
import { names } from "../../overlay/static/stage/words.js";

function crowd(...people) {
  const member = (name, at) => memberOf({ seq: at, data: { gift_id: `${at}-x`, gift: { id: "rose" }, viewer: { name, platform: "twitch" } } }, 0);
  const [first, ...rest] = people.map((name, at) => createShow(member(name, at + 1), "card"));
  for (const show of rest) absorb(first, show);
  return first;
}

const viewers = (count) => Array.from({ length: count }, (_, at) => `viewer${at}`);

test("the headline of a crowd tells how many more there are", () => {
  assert.equal(names(crowd("Mira", "Jo"), 19), "Jo, Mira");
  assert.match(names(crowd(...viewers(200)), 19), /^viewer199, viewer198 \+198$|^viewer199 \+199$/);
});

test("a card stays for its time or its combo's, a film runs no faster than its names can be read", () => {
  const rules = { card_ms: 6000, card_least_ms: 1700, combo_ms: 4000, lanes: 3 };
  assert.equal(cardEnd({ kind: "card", opened_at: 0, bumped_at: 1000 }, 100, rules), 2700);
  assert.equal(filmRate(0), 1);
  assert.equal(filmRate(100), 1.6);
  assert.equal(filmRate(100, 6000, 5), 1.2);
  assert.equal(filmRate(100, 6000, 6), 1);
  assert.equal(filmPages(6900), 6);
  assert.equal(filmPages(200), 1);
});
