import assert from "node:assert/strict";
import test from "node:test";

import { createDirector } from "../../overlay/static/stage/director.js";
import { openMemory } from "../../overlay/static/stage/memory.js";
import { createReceipts } from "../../overlay/static/stage/receipts.js";
import { messageOf, sendersOf, unitsOf } from "../../overlay/static/stage/show.js";
import { fakeScene, fakeStorage, giftFrame, handClock } from "./stand-ins.mjs";

function house({ paints = true, ready = true, storage = fakeStorage(), rules } = {}) {
  const clock = handClock();
  const scene = fakeScene({ paints, ready });
  const sent = [];
  const memory = openMemory({ storage, token: "t" });
  const receipts = createReceipts({ memory, clock, send: (message) => sent.push(message) });
  const director = createDirector({ clock, scene, receipts, rules });
  const ids = (type) => sent.filter((message) => message.type === type).flatMap((message) => message.gift_ids);
  return { clock, scene, sent, memory, receipts, director, storage, shown: () => ids("shown"), dropped: () => ids("dropped") };
}

test("a gift is written down before it is painted and acknowledged after", () => {
  const h = house({ paints: false });
  h.director.gift(giftFrame({ id: "a" }));
  assert.equal(h.memory.has("a"), true);
  assert.deepEqual(h.shown(), []);
  h.scene.paintAll();
  assert.deepEqual(h.shown(), ["a"]);
});

test("what waits for its pictures is not written down, and then with all who have come meanwhile", () => {
  const h = house({ ready: false });
  h.director.gift(giftFrame({ id: "a", tier: 6, combo: "x", combo_count: 1 }));
  h.director.gift(giftFrame({ id: "b", tier: 6, combo: "x", combo_count: 2 }));
  h.clock.turn(60);
  assert.deepEqual(["a", "b"].map(h.memory.has), [false, false], "a page that crashes now has shown nothing");
  assert.equal(h.scene.opened().length, 1);
  h.scene.comeAll();
  assert.deepEqual(["a", "b"].map(h.memory.has), [true, true]);
  assert.deepEqual(h.shown(), ["a", "b"]);
});

test("a film whose pictures come while the page is hidden counts when it can be seen", () => {
  const h = house({ ready: false });
  h.director.gift(giftFrame({ id: "a", tier: 6 }));
  h.director.presence({ visible: false, active: true });
  h.scene.comeAll();
  assert.deepEqual([h.memory.has("a"), h.shown()], [false, []]);
  h.director.presence({ visible: true, active: true });
  assert.deepEqual([h.memory.has("a"), h.shown()], [true, ["a"]]);
});

test("shown is repeated every 5 s until the server settles it, then silence", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "a" }));
  h.clock.turn(5000);
  assert.deepEqual(h.shown(), ["a", "a"]);
  h.director.settled(["a"]);
  h.clock.turn(60_000);
  assert.deepEqual(h.shown(), ["a", "a"]);
  assert.equal(h.clock.pending(), 0, "an idle page has no timer");
});

test("a replayed gift is never played twice, but answered again", () => {
  const h = house();
  const frame = giftFrame({ id: "a" });
  h.director.gift(frame);
  h.director.gift(frame);
  h.clock.turn(20_000);
  h.director.gift(frame);
  assert.equal(h.scene.opened().length, 1);
  const after = house({ storage: h.storage });
  after.director.gift(frame);
  assert.equal(after.scene.opened().length, 0, "nor after a reload");
  assert.deepEqual(after.shown(), ["a"]);
});

test("one combo is one card that counts up and stays longer", () => {
  const h = house();
  for (let i = 1; i <= 5; i += 1) {
    h.director.gift(giftFrame({ id: `c${i}`, combo: "x", combo_count: i }));
    h.clock.turn(3000);
  }
  assert.equal(h.scene.opened().length, 1);
  assert.equal(unitsOf(h.scene.opened()[0]), 5);
  assert.deepEqual(
    h.shown().filter((id, i, all) => all.indexOf(id) === i),
    ["c1", "c2", "c3", "c4", "c5"],
  );
});

test("a combo goes on from the server's count after a reload", () => {
  const h = house();
  h.director.gift(giftFrame({ combo: "x", combo_count: 41 }));
  assert.equal(unitsOf(h.scene.opened()[0]), 41);
});

test("under a flood waiting cards merge, none is lost, each is acknowledged by its own id", () => {
  const h = house();
  const wanted = [];
  for (let i = 0; i < 300; i += 1) {
    const id = `g${i}`;
    wanted.push(id);
    h.director.gift(
      giftFrame({
        id,
        gift: ["rose", "heart", "panda", "star", "clap", "cake", "fox", "gem", "coffee", "wand", "cup"][i % 11],
        viewer: `v${i % 40}`,
      }),
    );
    h.clock.turn(15);
  }
  h.clock.turn(60_000);
  const shown = h.shown();
  for (const id of wanted) assert.ok(shown.includes(id), id);
  assert.deepEqual(h.dropped(), []);
  assert.ok(h.scene.opened().length < 60, `${h.scene.opened().length} cards`);
  assert.ok(h.scene.opened().some((show) => show.mixed));
  assert.equal(
    h.scene.opened().reduce((sum, show) => sum + unitsOf(show), 0),
    300,
  );
});

test("a crowd of one gift names its senders and counts all units", () => {
  const h = house({ rules: { lanes: 1 } });
  h.director.gift(giftFrame({ gift: "heart" }));
  for (let i = 0; i < 5; i += 1) h.director.gift(giftFrame({ count: 2, viewer: `v${i}` }));
  h.clock.turn(10_000);
  const crowd = h.scene.opened()[1];
  assert.equal(unitsOf(crowd), 10);
  assert.equal(sendersOf(crowd).length, 5);
});

test("heroes play one at a time, the dearest first, and wait while the source is not in the programme", () => {
  const h = house();
  h.director.presence({ visible: true, active: false });
  h.director.gift(giftFrame({ gift: "swan", tier: 5, price: 700 }));
  h.director.gift(giftFrame({ gift: "lion", tier: 7, price: 30000 }));
  h.director.gift(giftFrame({ gift: "rose" }));
  assert.deepEqual(
    h.scene.opened().map((show) => show.gift.id),
    ["rose"],
  );
  h.director.presence({ visible: true, active: true });
  h.clock.turn(20_000);
  assert.deepEqual(
    h.scene.opened().map((show) => show.gift.id),
    ["rose", "lion", "swan"],
  );
});

test("a film that waited for its pictures still plays in full", () => {
  const h = house({ paints: false });
  h.director.gift(giftFrame({ gift: "lion", tier: 7, price: 30000 }));
  h.clock.turn(9000);
  assert.deepEqual(h.scene.closed(), []);
  h.scene.paintAll();
  h.clock.turn(4900);
  assert.deepEqual(h.scene.closed(), []);
  h.clock.turn(200);
  assert.deepEqual(h.scene.closed(), [["lion", "leave"]]);
});

test("recall: queued and unknown gifts are dropped for good, painted ones are shown", () => {
  const h = house({ rules: { lanes: 1 } });
  const queued = giftFrame({ id: "q", gift: "heart" });
  h.director.gift(giftFrame({ id: "p" }));
  h.director.gift(queued);
  h.director.recall(["p", "q", "never"]);
  assert.deepEqual(h.dropped(), ["q", "never"]);
  assert.deepEqual(h.shown(), ["p", "p"]);
  h.director.gift(queued);
  h.clock.turn(30_000);
  assert.deepEqual(
    h.scene.opened().map((show) => show.gift.id),
    ["rose"],
  );
});

test("recall takes a gift out of a merged card that still waits", () => {
  const h = house({ rules: { lanes: 1 } });
  h.director.gift(giftFrame({ gift: "heart" }));
  for (const id of ["a", "b", "c", "d"]) h.director.gift(giftFrame({ id, viewer: id }));
  h.director.recall(["b"]);
  h.clock.turn(20_000);
  assert.equal(unitsOf(h.scene.opened()[1]), 3);
  assert.ok(!h.shown().includes("b"));
});

test("a returned gift lowers the combo; the last one takes the card away", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "a", combo: "x", combo_count: 1 }));
  h.director.gift(giftFrame({ id: "b", combo: "x", combo_count: 2 }));
  const [show] = h.scene.opened();
  h.director.returned("a");
  assert.equal(unitsOf(show), 1);
  h.director.returned("b");
  assert.deepEqual(h.scene.closed(), [["rose", "cut"]]);
  h.clock.turn(20_000);
  assert.deepEqual(h.shown(), ["a", "b"], "no repeats for what was returned");
});

test("words that were withdrawn leave the card at once, and never come on one that waits", () => {
  const h = house({ rules: { lanes: 1 } });
  h.director.gift(giftFrame({ id: "a", message: "rude" }));
  h.director.gift(giftFrame({ id: "b", gift: "panda", message: "rude too" }));
  h.director.unsay("a");
  h.director.unsay("a");
  h.director.unsay("b");
  h.director.unsay("unknown");
  assert.deepEqual(
    h.scene.calls.filter(([verb]) => verb === "write").map(([, show, words]) => [show.gift.id, words]),
    [["rose", ""]],
  );
  h.clock.turn(20_000);
  assert.deepEqual(h.scene.opened().map(messageOf), ["", ""], "the gifts play");
  assert.deepEqual(h.shown().filter((id, i, all) => all.indexOf(id) === i), ["a", "b"]);
});

test("withdrawn words leave a combo that goes on, and what was said before stands again", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "a", combo: "x", message: "hello" }));
  h.director.gift(giftFrame({ id: "b", combo: "x", combo_count: 2, message: "rude" }));
  h.director.unsay("b");
  assert.equal(messageOf(h.scene.opened()[0]), "hello");
  assert.equal(unitsOf(h.scene.opened()[0]), 2);
});

test("withdrawn words leave a film, also one that waits in the wings", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "a", gift: "lion", tier: 6, message: "rude" }));
  h.director.gift(giftFrame({ id: "b", gift: "swan", tier: 6, message: "rude" }));
  h.director.unsay("a");
  h.director.unsay("b");
  assert.deepEqual(h.scene.calls.filter(([verb]) => verb === "write").map(([, show]) => show.gift.id), ["lion"]);
  h.clock.turn(30_000);
  assert.deepEqual(h.scene.opened().map(messageOf), ["", ""]);
});

test("pause holds what is new, resume plays it", () => {
  const h = house();
  h.director.control("pause");
  h.director.gift(giftFrame({ id: "a" }));
  h.clock.turn(60_000);
  assert.deepEqual(h.shown(), []);
  h.director.control("resume");
  assert.deepEqual(h.shown(), ["a"]);
});

test("skip ends what plays; with an id it drops the one that waits", () => {
  const h = house({ rules: { lanes: 1 } });
  h.director.gift(giftFrame({ id: "a" }));
  h.director.gift(giftFrame({ id: "b", gift: "heart" }));
  h.director.gift(giftFrame({ id: "c", gift: "panda" }));
  h.director.control("skip", "b");
  assert.deepEqual(h.dropped(), ["b"]);
  h.director.control("skip");
  h.clock.turn(400);
  assert.deepEqual(
    h.scene.opened().map((show) => show.gift.id),
    ["rose", "panda"],
  );
  assert.deepEqual(h.shown(), ["a", "c"]);
});

test("clear drops the whole line with its ids and ends what plays", () => {
  const h = house({ rules: { lanes: 1 } });
  for (const id of ["a", "b", "c"]) h.director.gift(giftFrame({ id, gift: id }));
  h.director.gift(giftFrame({ id: "h1", gift: "lion", tier: 7 }));
  h.director.gift(giftFrame({ id: "h2", gift: "swan", tier: 5 }));
  h.director.control("clear");
  assert.deepEqual(h.dropped(), ["b", "c", "h2"]);
  assert.deepEqual(h.scene.closed(), [
    ["a", "cut"],
    ["lion", "cut"],
  ]);
  assert.equal(h.director.state().waiting, 0);
});

test("nothing starts or is acknowledged while hidden; what was only written down is taken back", () => {
  const h = house({ paints: false });
  h.director.gift(giftFrame({ id: "a" }));
  h.director.presence({ visible: false, active: false });
  assert.equal(h.memory.has("a"), false);
  h.director.gift(giftFrame({ id: "b", gift: "heart" }));
  h.clock.turn(60_000);
  assert.deepEqual(h.shown(), []);
  assert.equal(h.scene.opened().length, 1);
  h.director.presence({ visible: true, active: true });
  h.scene.paintAll();
  assert.deepEqual(h.shown().sort(), ["a", "b"]);
});

test("time stands still for cards while hidden", () => {
  const h = house();
  h.director.gift(giftFrame());
  h.clock.turn(2000);
  h.director.presence({ visible: false, active: false });
  h.clock.turn(60_000);
  h.director.presence({ visible: true, active: true });
  h.clock.turn(3900);
  assert.deepEqual(h.scene.closed(), []);
  h.clock.turn(200);
  assert.deepEqual(h.scene.closed(), [["rose", "leave"]]);
});

test("standby drops the line silently and plays nothing until it is over", () => {
  const h = house({ rules: { lanes: 1 } });
  const waiting = giftFrame({ id: "b", gift: "heart" });
  h.director.gift(giftFrame({ id: "a" }));
  h.director.gift(waiting);
  h.director.standby(true);
  assert.deepEqual(h.dropped(), []);
  assert.deepEqual(h.scene.closed(), [["rose", "quiet"]]);
  h.clock.turn(60_000);
  h.director.standby(false);
  assert.deepEqual(
    h.shown().filter((id) => id === "b"),
    [],
  );
  h.director.gift(waiting);
  assert.ok(h.shown().includes("b"));
});

test("a new connection makes the old line void: only what is replayed plays", () => {
  const h = house({ rules: { lanes: 1 } });
  h.director.gift(giftFrame({ id: "a" }));
  h.director.gift(giftFrame({ id: "stale", gift: "heart" }));
  const fresh = giftFrame({ id: "kept", gift: "panda" });
  h.director.gift(fresh);
  h.director.offline(true);
  h.clock.turn(30_000);
  h.director.restart();
  h.director.gift(fresh);
  h.clock.turn(30_000);
  assert.deepEqual([...new Set(h.shown())], ["a", "kept"]);
});

test("test gifts play and are acknowledged once, but never remembered", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "t", test: true }));
  h.clock.turn(60_000);
  assert.deepEqual(h.shown(), ["t"]);
  assert.equal(h.memory.has("t"), false);
});

test("a page that goes away keeps nothing written that was not seen", () => {
  const h = house({ paints: false });
  h.director.gift(giftFrame({ id: "a" }));
  h.director.leave();
  assert.equal(openMemory({ storage: h.storage, token: "t" }).has("a"), false);
});

test("showings get shorter as the line grows", () => {
  const calm = house({ rules: { lanes: 1 } });
  const busy = house({ rules: { lanes: 1 } });
  calm.director.gift(giftFrame());
  for (const gift of ["rose", "heart", "panda"]) busy.director.gift(giftFrame({ gift }));
  calm.clock.turn(3000);
  busy.clock.turn(3000);
  assert.equal(calm.scene.closed().length, 0);
  assert.equal(busy.scene.closed().length, 1);
});

/* ── played once more ── */

test("a replay is shown to all and owed to nobody", () => {
  const h = house();
  h.director.gift(giftFrame({ id: "1-a", gift: "rose" }));
  h.director.settled(["1-a"]);
  h.clock.turn(20_000);
  const before = h.sent.length;
  const { data } = giftFrame({ id: "1-a", gift: "rose", combo: "x", combo_count: 9, message: "hi" });
  h.director.control("replay", "1-a", data);
  assert.equal(h.scene.opened().length, 2);
  assert.equal(h.scene.opened()[1].encore, true);
  assert.equal(unitsOf(h.scene.opened()[1]), 1, "it counts up nothing");
  h.director.gift(giftFrame({ id: "2-b", gift: "rose", combo: "x", combo_count: 10 }));
  assert.equal(h.scene.opened().length, 3, "and nothing counts it up");
  h.director.unsay("1-a");
  assert.equal(messageOf(h.scene.opened()[1]), "", "deleted words go off here, too");
  h.director.settled(["2-b"]);
  h.clock.turn(30_000);
  assert.deepEqual([...new Set(h.sent.slice(before).flatMap((each) => each.gift_ids))], ["2-b"]);
  assert.equal(h.clock.pending(), 0);
});

test("a waiting replay survives a reconnect, and goes with a gift that is given back", () => {
  const h = house();
  h.director.control("pause");
  for (const id of ["1-a", "2-b"]) h.director.control("replay", id, giftFrame({ id }).data);
  for (let i = 0; i < 50; i += 1) h.director.control("replay", "3-c", giftFrame({ id: "3-c" }).data);
  h.director.restart();
  assert.equal(h.director.state().waiting, 20, "no more than so many wait");
  h.director.returned("2-b");
  assert.equal(h.director.state().waiting, 19);
  assert.deepEqual(h.sent, []);
});

/* ── what was missed ── */

const pages = (h) => h.scene.calls.filter(([verb]) => verb === "page").map(([, , rows]) => rows);
const named = (h) => pages(h).flatMap((rows) => rows.map((row) => row.viewer));

function comesBack(h, gifts) {
  h.director.restart();
  h.director.catching(true);
  for (const gift of gifts) h.director.gift(giftFrame(gift));
  h.director.catching(false);
}

const crowd = (n, more = {}) => Array.from({ length: n }, (_, i) => ({ id: `m${i}`, gift: ["rose", "heart", "panda"][i % 3], viewer: `v${i % 17}`, ...more }));

test("many missed gifts are told in a tray: every viewer is named, each gift acknowledged with its page", () => {
  const h = house();
  comesBack(h, crowd(40));
  assert.deepEqual(
    h.scene.opened().map((show) => show.kind),
    ["tray"],
  );
  const first = pages(h)[0].flatMap((row) => row.members.map((member) => member.id));
  assert.deepEqual(h.shown().sort(), first.sort(), "only what is on the page");
  assert.equal(h.memory.has("m39"), first.includes("m39"), "nor is anything else written down");
  h.clock.turn(40_000);
  assert.equal(new Set(named(h)).size, 17);
  assert.equal(new Set(h.shown()).size, 40);
  assert.deepEqual(h.scene.closed().map(([, manner]) => manner), ["leave"]);
  assert.deepEqual(h.dropped(), []);
});

test("few gifts play in full, also after an absence; and so does everything where that is wished", () => {
  const h = house();
  comesBack(h, crowd(9));
  assert.ok(h.scene.opened().every((show) => show.kind === "card"));
  const full = house({ rules: { missed_from: 0 } });
  comesBack(full, crowd(40));
  assert.ok(full.scene.opened().every((show) => show.kind === "card"));
});

test("one long combo is one showing, and no reason for a tray", () => {
  const h = house();
  comesBack(h, Array.from({ length: 30 }, (_, i) => ({ id: `c${i}`, combo: "x", combo_count: i + 1 })));
  assert.deepEqual(
    h.scene.opened().map((show) => [show.kind, unitsOf(show)]),
    [["card", 30]],
  );
});

test("the dearest films follow the tray in full, the others are named in it", () => {
  const h = house();
  const films = ["swan", "galaxy", "lion", "castle"].map((gift, i) => ({ id: `h${i}`, gift, tier: 5, price: 1000 * (i + 1) }));
  comesBack(h, [...crowd(12), ...films]);
  assert.equal(h.director.state().hero, null, "a film waits until the tray has gone");
  h.clock.turn(60_000);
  assert.deepEqual(
    h.scene.opened().filter((show) => show.kind === "hero").map((show) => show.gift.id),
    ["castle", "lion"],
  );
  assert.equal(new Set(h.shown()).size, 16);
});

test("a live gift plays beside the tray", () => {
  const h = house();
  comesBack(h, crowd(20));
  h.director.gift(giftFrame({ id: "live", gift: "cake" }));
  assert.equal(h.scene.opened().at(-1).gift.id, "cake");
});

test("a tray is cut by nothing: hidden, paused, disconnected, it goes on with what is unseen", () => {
  const h = house({ paints: false });
  comesBack(h, crowd(30));
  h.director.presence({ visible: false, active: false });
  assert.equal(h.memory.has("m0"), false, "what was not painted is not written down");
  h.clock.turn(60_000);
  assert.deepEqual(h.shown(), []);
  h.director.presence({ visible: true, active: true });
  h.scene.paintAll();
  const once = new Set(h.shown());
  assert.ok(once.size > 0 && once.size < 30);
  h.director.control("pause");
  h.clock.turn(60_000);
  assert.equal(new Set(h.shown()).size, once.size);
  h.director.control("resume");
  h.scene.paintAll();
  comesBack(h, crowd(30).filter((gift) => !h.memory.has(gift.id)));
  for (let i = 0; i < 12; i += 1) {
    h.clock.turn(4000);
    h.scene.paintAll();
  }
  assert.equal(new Set(h.shown()).size, 30);
  assert.deepEqual(h.dropped(), []);
});

test("what is taken back leaves the tray; what is cleared is dropped", () => {
  const h = house();
  comesBack(h, crowd(30));
  const unseen = crowd(30).map((gift) => gift.id).filter((id) => !h.shown().includes(id));
  h.director.recall([unseen[0], "m0"]);
  assert.deepEqual(h.dropped(), [unseen[0]]);
  h.director.returned("m0");
  h.director.returned(unseen[1]);
  h.director.control("clear");
  assert.deepEqual(h.dropped().sort(), unseen.filter((id) => id !== unseen[1]).sort());
  assert.equal(h.director.state().tray, null);
  h.clock.turn(60_000);
  assert.equal(h.scene.calls.filter(([verb]) => verb === "page").length, 1);
});

test("skip turns to the tray's next page and loses nobody", () => {
  const h = house();
  comesBack(h, crowd(30));
  h.director.control("skip");
  assert.equal(pages(h).length, 2);
  h.clock.turn(60_000);
  assert.equal(new Set(h.shown()).size, 30);
});

test("gifts that came while hidden are missed ones, and films that waited for the programme", () => {
  const h = house();
  h.director.presence({ visible: false, active: false });
  for (const gift of crowd(25)) h.director.gift(giftFrame(gift));
  h.director.presence({ visible: true, active: true });
  assert.ok(h.scene.opened().some((show) => show.kind === "tray"));
  h.clock.turn(60_000);
  assert.equal(new Set(h.shown()).size, 25);
  h.director.presence({ visible: true, active: false });
  for (let i = 0; i < 12; i += 1) h.director.gift(giftFrame({ id: `f${i}`, gift: `film${i}`, tier: 5, price: 1000 + i }));
  assert.equal(h.director.state().tray, null);
  h.director.presence({ visible: true, active: true });
  h.clock.turn(60_000);
  assert.deepEqual(
    h.scene.opened().filter((show) => show.kind === "hero").map((show) => show.gift.id),
    ["film11", "film10"],
  );
  assert.equal(new Set(h.shown()).size, 37);
});

test("the page does not wait for ever to hear that this was all", () => {
  const h = house();
  h.director.catching(true);
  h.director.gift(giftFrame());
  assert.deepEqual(h.scene.opened(), []);
  h.clock.turn(10_000);
  assert.equal(h.scene.opened().length, 1);
});

test("two thousand viewers are all named, in less than four minutes", () => {
  const h = house();
  comesBack(h, Array.from({ length: 2000 }, (_, i) => ({ id: `m${i}`, viewer: `v${i}` })));
  h.clock.turn(205_000);
  assert.equal(new Set(named(h)).size, 2000);
  assert.equal(new Set(h.shown()).size, 2000);
});

test("a film that many sent is told in the tray, where each of them is named", () => {
  const h = house();
  const many = Array.from({ length: 12 }, (_, i) => ({ id: `g${i}`, gift: "galaxy", tier: 5, price: 1000, viewer: `v${i}` }));
  comesBack(h, many);
  h.clock.turn(60_000);
  const films = h.scene.opened().filter((show) => show.kind === "hero");
  assert.equal(films.length, 2);
  assert.ok(films.every((show) => sendersOf(show).length === 1));
  assert.equal(new Set([...named(h), ...films.flatMap(sendersOf)]).size, 12);
  const hidden = house();
  hidden.director.presence({ visible: false, active: false });
  for (const gift of many) hidden.director.gift(giftFrame(gift));
  hidden.director.presence({ visible: true, active: true });
  hidden.clock.turn(60_000);
  const shown = hidden.scene.opened().filter((show) => show.kind === "hero");
  assert.equal(new Set([...named(hidden), ...shown.flatMap(sendersOf)]).size, 12);
  assert.ok(shown.every((show) => sendersOf(show).length === 1));
  assert.equal(new Set(hidden.shown()).size, 12);
});
