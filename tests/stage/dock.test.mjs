import assert from "node:assert/strict";
import test from "node:test";

import { createActs } from "../../overlay/static/dock/acts.js";
import { age, banner, onScreen, said } from "../../overlay/static/dock/words.js";
import { handClock } from "./stand-ins.mjs";

const NOW = Date.UTC(2027, 0, 15, 12);
const gift = (id, tier = 1) => ({ gift_id: id, gift: { id: "rose", name: "Rose", tier }, count: 5, total_coins: 5, viewer: { name: "Mia" } });
const entry = (what, ago_s, more = {}) => ({ id: `${what}${ago_s}`, what, at: new Date(NOW - ago_s * 1000).toISOString(), by: "Nova", settle: what === "shown", gift: null, ...more });

test("how long ago", () => {
  assert.deepEqual([0, 4_999, 42_000, 185_000, 7_200_000, 172_800_000, -5].map(age), ["now", "now", "42 s", "3 min", "2 h", "2 d", "now"]);
});

test("on screen is what a page has shown just now, films longer, and nothing that was taken back", () => {
  const log = [
    entry("refunded", 1, { gift: gift("4") }),
    entry("shown", 1, { gift: gift("4") }),
    entry("shown", 3, { gift: gift("3") }),
    entry("shown", 7, { gift: gift("2", 6) }),
    entry("shown", 7, { gift: gift("1") }),
    entry("shown", 1, { gift: gift("0"), settle: false }),
  ];
  assert.deepEqual(onScreen(log, NOW).map((each) => [each.gift.gift_id, each.left]), [["3", 0.5], ["2", 0.125]]);
});

test("what was done is said in a few words, whatever came with it", () => {
  assert.deepEqual(said(entry("refunded", 1, { gift: gift("1"), reason: "a  mistake" })), ["Nova", "took 5 × Rose of Mia back: a mistake"]);
  assert.deepEqual(said(entry("returned", 1, { gift: gift("1"), cause: "expired", by: "" })), ["Mia", "got 5 × Rose back (nobody saw it in time)"]);
  assert.deepEqual(said(entry("control", 1, { action: "pin-on" })), ["Nova", "pin on"], "also what this page does not know yet");
  const told = (what, more) => said(entry(what, 1, { who: "Jo", coins: 7, ...more }))[1];
  assert.equal(told("grant", { coins: 1, reason: "quiz" }), "gave Jo 1 coin: quiz");
  assert.equal(told("grant", { who: "", cause: "rain", viewers: 3 }), "let it rain 7 coins on 3 viewers");
  assert.equal(told("take", {}), "took 7 coins from Jo");
  assert.equal(told("set", { balance: 5000 }), "set Jo to 5,000 coins", "not by how much");
  assert.equal(told("set", {}), "changed Jo by 7 coins", "of a record that does not say it");
  assert.equal(told("undo", {}), "undid a change of 7 coins of Jo");
  assert.equal(told("undo", { cause: "rain" }), "took the rain of 7 coins back");
  assert.deepEqual(["earnpause", "earnresume"].map((what) => told(what, {})), ["lets Jo earn nothing", "lets Jo earn again"]);
  assert.deepEqual(["start", "stop"].map((action) => told("bonus", { action })), ["began bonus time", "ended bonus time"]);
  assert.equal(told("control", { action: "credits-roll" }), "rolled the credits");
  assert.equal(told("control", { action: "pin", gift: gift("1") }), "pinned 5 × Rose of Mia");
  assert.deepEqual(["skip", "replay"].map((action) => told("control", { action })), ["skipped", "played a gift again"]);
  assert.equal(said(entry("approved", 1, { gift: null }))[1], "approved a gift of someone");
});

test("the head of the dock says the worst first", () => {
  const desk = { paused: true, queue: { count: 3 }, waiting: { count: 0 } };
  const page = (online, active) => ({ sources: [{ settles: true, online, active }] });
  assert.match(banner({ ...desk, sources: { sources: [] } }).text, /nobody sees them/);
  assert.match(banner({ ...desk, sources: page(false, false) }).text, /^Offline.*3 gifts wait/);
  assert.match(banner({ ...desk, sources: page(true, true) }).text, /^Paused/);
  assert.match(banner({ ...desk, paused: false, sources: page(true, false) }).text, /not on air/);
  assert.equal(banner({ ...desk, paused: false, sources: page(true, true) }), null);
  assert.equal(banner({ ...desk, paused: false, sources: null }), null, "before anything is known");
});

function desk(answers) {
  const clock = handClock();
  const posted = [];
  const heard = [];
  const acts = createActs({
    post(act) {
      posted.push(act);
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new Error("nobody"));
    },
    newId: () => `id-${posted.length}`,
    name: () => "Nova",
    stage: "main",
    clock,
    told: (what) => heard.push(what),
  });
  return { clock, posted, heard, acts };
}

async function settle(clock, times = 12) {
  for (let i = 0; i < times; i += 1) {
    await new Promise(setImmediate);
    clock.turn(700);
  }
}

const fine = { status: 200, body: { ok: true, reply: "Skipped." } };

test("an act that nobody answered is sent again under the same id", async () => {
  const { clock, posted, heard, acts } = desk([null, { status: 503, body: { error: "busy" } }, fine]);
  acts.say("alerts pause", { undo: "alerts resume" });
  await settle(clock);
  assert.deepEqual(posted.map((act) => [act.id, act.line, act.name]), Array(3).fill(["id-0", "alerts pause", "Nova"]));
  assert.deepEqual(heard, [{ text: "Skipped.", ok: true, undo: "alerts resume" }]);
});

test("a double click is one act, and two acts have two ids", async () => {
  const { clock, posted, acts } = desk([fine, fine]);
  acts.say("alerts skip");
  acts.say("alerts skip");
  await settle(clock);
  acts.say("alerts skip");
  await settle(clock);
  assert.deepEqual(posted.map((act) => act.id), ["id-0", "id-1"]);
});

test("what did not work is said with its fix, and offers no undo", async () => {
  const { clock, heard, acts } = desk([{ status: 400, body: { error: "No.", fix: "Reload." } }, { status: 200, body: { ok: false, reply: "Gone." } }, { status: 401, body: {} }]);
  for (const line of ["a", "b", "c", "d"]) {
    acts.say(line, { undo: "x" });
    await settle(clock);
  }
  assert.deepEqual(heard.map((each) => [each.text, each.ok, each.undo || "", each.login ?? false]), [
    ["No. Reload.", false, "", false],
    ["Gone.", false, "", false],
    ["You are logged out.", false, "", true],
    ["giftcast does not answer. Look at the list before you try again.", false, "", false],
  ]);
});
