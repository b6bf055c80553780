import assert from "node:assert/strict";
import test from "node:test";

import { aimOf, passed, periodWords, unitWord } from "../../overlay/static/stage/panels/aims.js";
import { climbed, moments } from "../../overlay/static/stage/panels/ranks.js";
import { merged } from "../../overlay/static/stage/panels/recent.js";
import { between, roll } from "../../overlay/static/stage/panels/roll.js";
import { boardOf, goalRoom, gridOf, roomOf, shapeOf, spot, tickerOf, wallOf } from "../../overlay/static/stage/panels/room.js";
import { litUp, shortCount } from "../../overlay/static/stage/panels/shelf.js";
import { plan } from "../../overlay/static/stage/panels/slots.js";
import { tint } from "../../overlay/static/stage/wardrobe.js";
import { handClock } from "./stand-ins.mjs";

const SIZES = [
  [1920, 1080],
  [1280, 720],
  [1080, 1920],
  [1280, 90],
  [800, 40],
  [420, 640],
  [500, 500],
  [200, 900],
  [120, 120],
  [60, 30],
];

test("a theme colours what flies, but not smoke and fire, and changes only shapes that mean nothing", () => {
  const theme = { sparks: ["#22e8ff", "#ff3ed8"], kind: "pixel" };
  const flies = (kind) => tint({ kind, inks: ["#f4f0ff"] }, theme);
  assert.deepEqual(flies("star"), { kind: "pixel", inks: theme.sparks });
  assert.deepEqual(flies("heart"), { kind: "heart", inks: theme.sparks });
  for (const kind of ["smoke", "fire", "flame"]) assert.deepEqual(flies(kind), { kind, inks: ["#f4f0ff"] });
  assert.deepEqual(tint({ bitmap: 1 }, { sparks: [], kind: "" }), { bitmap: 1 });
});

test("whatever the source's size, a panel stays inside its safe area", () => {
  for (const [width, height] of SIZES) {
    for (const scale of [0.5, 1, 2]) {
      const room = roomOf(width, height);
      const plans = [
        boardOf(room, { rows: 10, scale }),
        boardOf(room, { rows: 1, scale, title: false }),
        goalRoom(room, { steps: true, scale }),
        goalRoom(room, { steps: false, scale }),
        tickerOf(room, { rows: 8, scale }),
        wallOf(room, { count: 51, scale }),
      ];
      for (const made of plans) {
        const what = `${width}×${height} ×${scale} ${JSON.stringify(made)}`;
        assert.ok(made.width > 0 && made.width <= room.width + 0.01, what);
        assert.ok(made.height > 0 && made.height <= room.height + 0.01, what);
      }
    }
  }
});

test("every row and cell of a plan lies inside it", () => {
  for (const [width, height] of SIZES) {
    const room = roomOf(width, height);
    const board = boardOf(room, { rows: 7 });
    for (let at = 0; at < board.rows; at += 1) {
      const { x, y } = board.place(at);
      assert.ok(x + board.cell <= board.width + 0.01 && y + board.row <= board.height + 0.01, `${width}×${height} row ${at}`);
    }
    const wall = wallOf(room, { count: 51 });
    for (let at = 0; at < 51; at += 1) {
      const { x, y } = wall.place(at);
      assert.ok(x + wall.cell <= wall.width + 0.01 && y + wall.cell <= wall.height + 0.01, `${width}×${height} cell ${at}`);
    }
  }
});

test("a source as large as the stream has a panel of a part of it, a smaller one is filled", () => {
  assert.ok(boardOf(roomOf(1920, 1080), { rows: 5 }).width < 1920 / 3);
  assert.ok(boardOf(roomOf(420, 640), { rows: 5 }).width > 380);
  assert.equal(boardOf(roomOf(1280, 90), { rows: 5 }).shape, "line");
  assert.equal(boardOf(roomOf(420, 640), { rows: 5 }).shape, "column");
  assert.equal(shapeOf(1280, 90), "wide");
  assert.equal(shapeOf(400, 400), "square");
  assert.equal(shapeOf(260, 800), "tall");
  const forms = [[1920, 1080], [900, 120], [400, 400], [260, 800]].map(([w, h]) => goalRoom(roomOf(w, h), { steps: true }).form);
  assert.deepEqual(forms, ["bar", "bar", "ring", "pillar"]);
});

test("fewer rows are shown when they would be too small to read", () => {
  const board = boardOf(roomOf(200, 100), { rows: 10 });
  assert.ok(board.rows < 5 && board.row >= 20, JSON.stringify(board));
});

test("a panel stands where it is told to", () => {
  const room = roomOf(1000, 800);
  assert.deepEqual(spot("top-left", room, 100, 100), { x: 40, y: 40 });
  assert.deepEqual(spot("bottom-right", room, 100, 100), { x: 860, y: 660 });
  assert.deepEqual(spot("top", room, 100, 100), { x: 450, y: 40 });
  assert.deepEqual(spot("middle", room, 100, 100), { x: 450, y: 350 });
});

test("a grid's cells are as large as they can be", () => {
  assert.deepEqual(gridOf(300, 100, 3, 0), { columns: 3, rows: 1, cell: 100, gap: 0 });
  assert.equal(gridOf(100, 300, 3, 0).columns, 1);
  assert.equal(gridOf(400, 400, 51, 0).cell, 50);
});

const row = (rank, was) => ({ key: `v${rank}`, rank, was });

test("moments of a board: a new lead and who enters the top 3", () => {
  assert.deepEqual(moments([row(1, 2), row(2, 1), row(3, 3)]).map((each) => each.kind), ["lead"]);
  assert.deepEqual(moments([row(1, 1), row(2, 5), row(3, 2)]).map((each) => each.row.rank), [2]);
  assert.deepEqual(moments([row(1, 1), row(2, null)]).map((each) => each.kind), ["podium"]);
  assert.deepEqual(moments([row(1, 1), row(2, 3), row(3, 2), row(4, 9)]), [], "changes among the first three are no entry");
  assert.deepEqual(moments([row(1, 1), row(2, 2)]), [], "nothing moved, or the page has just come");
  assert.deepEqual(moments([row(1, null)]), [], "the first gift takes nothing over");
});

test("how far somebody climbed", () => {
  assert.deepEqual([row(2, 5), row(5, 2), row(1, null), row(3, 3)].map(climbed), [3, 0, 0, 0]);
});

test("a list's plan: who goes, who comes, who moves", () => {
  const found = plan(["a", "b", "c"], ["c", "a", "d"]);
  assert.deepEqual(found.gone, ["b"]);
  assert.deepEqual(found.come, ["d"]);
  assert.deepEqual(found.moved, [
    { key: "c", at: 0, from: 2 },
    { key: "a", at: 1, from: 0 },
  ]);
});

test("a goal on its way, and beyond", () => {
  const goal = { now: 250, target: 1000, segments: [{ at: 200, name: "a" }, { at: 500, name: "b" }] };
  const aim = aimOf(goal);
  assert.deepEqual([aim.share, aim.mark, aim.reached, aim.percent], [0.25, 1, false, 25]);
  assert.deepEqual(aim.steps.map((step) => [step.share, step.reached]), [[0.2, true], [0.5, false]]);
  const over = aimOf({ ...goal, now: 2000 });
  assert.deepEqual([over.share, over.mark, over.reached, over.percent], [1, 0.5, true, 200]);
  assert.equal(over.steps[1].share, 0.25);
  assert.equal(aimOf({ ...goal, now: 999 }).percent, 99, "not reached is never 100 %");
});

test("what was passed between two states of a goal", () => {
  const goal = (now, target = 100) => ({ name: "Chair", now, target, segments: [{ at: 20, name: "a" }, { at: 50, name: "b" }] });
  assert.deepEqual(passed(goal(10), goal(60)).map((each) => each.name), ["a", "b"]);
  assert.deepEqual(passed(goal(60), goal(130)).map((each) => each.kind), ["goal"]);
  assert.deepEqual(passed(goal(130), goal(90)), [], "a refund passes nothing");
  assert.deepEqual(passed(goal(90), goal(90, 80)), [], "nor does an edit");
  assert.deepEqual(passed(undefined, goal(130)), [], "nor what a page finds when it comes");
  assert.deepEqual(passed(goal(90), goal(100)).map((each) => each.kind), ["goal"], "exactly there is there");
});

test("words of goals", () => {
  assert.equal(periodWords("show"), "this show");
  assert.equal(periodWords("forever"), "");
  assert.equal(unitWord({ counts: "viewers" }, 2), "viewers");
  assert.equal(unitWord({ counts: "coins" }, 2), "");
});

const gift = (id, name, what = "rose", combo = null, count = 1) => ({
  gift_id: id,
  gift: { id: what },
  viewer: { name, platform: "twitch" },
  combo: combo && { id: combo, count },
  count,
  total_coins: count,
});

test("what one viewer sends of one gift in a row is one entry, known by its first gift", () => {
  const entries = merged([gift("3", "Mia", "rose", "c1", 5), gift("2", "Mia", "rose", "c1"), gift("1", "Jo")]);
  assert.deepEqual(entries.map((each) => [each.key, each.count]), [["2", 6], ["1", 1]]);
  const later = merged([gift("4", "Mia", "rose", "c1"), gift("3", "Mia", "rose", "c1", 5), gift("2", "Mia", "rose", "c1"), gift("1", "Jo")]);
  assert.deepEqual(later.map((each) => each.key), ["2", "1"], "the same entries, in the same places");
});

test("a combo is one entry also when others' gifts came between", () => {
  const entries = merged([gift("3", "Mia", "rose", "c1"), gift("2", "Jo"), gift("1", "Mia", "rose", "c1")]);
  assert.deepEqual(entries.map((each) => [each.viewer.name, each.count]), [["Mia", 2], ["Jo", 1]]);
});

test("another gift, another viewer or the same name elsewhere is another entry", () => {
  const other = { ...gift("4", "Mia"), viewer: { name: "Mia", platform: "discord" } };
  assert.equal(merged([gift("3", "Mia", "lion"), gift("2", "Jo"), gift("1", "Mia"), other]).length, 4);
  assert.deepEqual(merged([]), []);
});

test("what is lit for the first time, the dearest first", () => {
  const state = (period, counts) => ({
    period,
    gifts: Object.entries(counts).map(([id, count]) => ({ gift: { id, price_coins: { rose: 1, lion: 500 }[id] }, count })),
  });
  const before = state("show", { rose: 0, lion: 0 });
  assert.deepEqual(litUp(before, state("show", { rose: 3, lion: 1 })).map((each) => each.gift.id), ["lion", "rose"]);
  assert.deepEqual(litUp(state("show", { rose: 2, lion: 0 }), state("show", { rose: 3, lion: 0 })), []);
  assert.deepEqual(litUp(before, state("today", { rose: 3, lion: 1 })), [], "another period is another wall");
  assert.deepEqual(litUp(null, before), []);
});

test("counts in few letters", () => {
  assert.deepEqual([7, 980, 1000, 1290, 34_900, 999_499, 2_190_000].map(shortCount), ["7", "980", "1k", "1.2k", "34k", "999k", "2.1M"]);
});

test("a number rolls to its new value and not beyond", () => {
  const up = between(10, 500);
  assert.equal(up.at(-1), 500);
  assert.ok(up.every((value, at) => value > (up[at - 1] ?? 10)));
  const down = between(500, 10);
  assert.equal(down.at(-1), 10);
  assert.ok(down.every((value, at) => value < (down[at - 1] ?? 500)));
  assert.deepEqual(between(5, 5), [5]);
});

test("a roll that is overtaken ends at the newest value, and no timer is left", () => {
  const clock = handClock();
  const element = { textContent: "" };
  roll(element, 100, clock);
  assert.equal(element.textContent, "100", "the first value stands at once");
  roll(element, 200, clock);
  clock.turn(60);
  roll(element, 1000, clock);
  clock.turn(5000);
  assert.equal(element.textContent, "1,000");
  assert.equal(clock.pending(), 0);
  roll(element, 50, clock, { still: true });
  assert.equal(element.textContent, "50");
  assert.equal(clock.pending(), 0);
});
