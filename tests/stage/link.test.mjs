import assert from "node:assert/strict";
import test from "node:test";

import { openLink } from "../../overlay/static/stage/link.js";
import { fakeSockets, handClock } from "./stand-ins.mjs";

function line({ random = () => 1, clock = handClock() } = {}) {
  const sockets = fakeSockets();
  const heard = [];
  const link = openLink({
    url: "ws://house/o/socket",
    clock,
    Socket: sockets.Socket,
    random,
    hello: () => ({ v: 1, type: "hello", token: "t", shown: ["a"] }),
    on: {
      welcome: (message, first) => heard.push(["welcome", first]),
      frame: (message) => heard.push(["frame", message.type]),
      lost: () => heard.push(["lost"]),
      refused: () => heard.push(["refused"]),
    },
  });
  return { clock, sockets, heard, link };
}

const welcome = { v: 1, type: "welcome", settings: {} };

test("the first message is hello, with the unconfirmed ids", () => {
  const { sockets, link } = line();
  sockets.last().opens();
  assert.deepEqual(sockets.last().sent, [{ v: 1, type: "hello", token: "t", shown: ["a"] }]);
  assert.equal(link.send({ type: "shown" }), false, "nothing else before the welcome");
  sockets.last().hears(welcome);
  assert.equal(link.send({ type: "shown" }), true);
});

test("a later welcome on the same connection is not a first one", () => {
  const { sockets, heard } = line();
  sockets.last().opens();
  sockets.last().hears(welcome);
  sockets.last().hears(welcome);
  assert.deepEqual(heard, [
    ["welcome", true],
    ["welcome", false],
  ]);
});

test("pings are answered, nonsense is ignored", () => {
  const { sockets, heard } = line();
  sockets.last().opens();
  for (const text of ["{", "null", "7", '{"type":5}']) sockets.last().hears(text);
  sockets.last().hears({ type: "ping" });
  assert.deepEqual(sockets.last().sent.at(-1), { type: "pong" });
  assert.deepEqual(heard, []);
});

test("it comes back with growing pauses, at most 10 s, and never gives up", () => {
  const { sockets, clock } = line();
  const pauses = [];
  for (let i = 0; i < 40; i += 1) {
    const count = sockets.made.length;
    sockets.last().close(1006);
    let waited = 0;
    while (sockets.made.length === count) {
      clock.turn(10);
      waited += 10;
    }
    pauses.push(waited);
  }
  assert.deepEqual(pauses.slice(0, 4), [250, 500, 1000, 2000]);
  assert.equal(Math.max(...pauses), 10_000);
});

test("the pause is jittered down to nothing", () => {
  const { sockets, clock } = line({ random: () => 0 });
  sockets.last().close(1006);
  clock.turn(0);
  assert.equal(sockets.made.length, 2);
});

test("40 s of silence count as a lost line, any message keeps it", () => {
  const { sockets, clock, heard } = line();
  sockets.last().opens();
  sockets.last().hears(welcome);
  clock.turn(39_000);
  sockets.last().hears({ type: "ping" });
  clock.turn(39_000);
  assert.equal(sockets.made.length, 1);
  clock.turn(1_001);
  assert.deepEqual(heard.at(-1), ["lost"]);
  clock.turn(10_000);
  assert.equal(sockets.made.length, 2);
});

test("a refused token is said once and retried each minute", () => {
  const { sockets, clock, heard, link } = line();
  sockets.last().opens();
  sockets.last().close(4401);
  assert.deepEqual(heard, [["refused"]]);
  assert.equal(link.state(), "refused");
  clock.turn(59_000);
  assert.equal(sockets.made.length, 1);
  clock.turn(1_000);
  assert.equal(sockets.made.length, 2);
});

test("late words of an old socket are not heard", () => {
  const { sockets, clock, heard } = line();
  const old = sockets.last();
  old.opens();
  old.close(1006);
  clock.turn(1000);
  old.onmessage({ data: JSON.stringify(welcome) });
  assert.deepEqual(heard, [["lost"]]);
});

test("a clock that is put back by hours does not keep a dead line", () => {
  const hand = handClock();
  let wrong_ms = 0;
  const { sockets, clock, heard } = line({ clock: { ...hand, date: () => hand.now() + wrong_ms } });
  sockets.last().opens();
  sockets.last().hears(welcome);
  clock.turn(10_000);
  wrong_ms = -3 * 3_600_000;
  clock.turn(85_000);
  assert.deepEqual(heard.at(-1), ["lost"]);
  assert.ok(sockets.made.length > 1, "it tries again");
});

test("a clock that is put forward costs one connection at most", () => {
  const hand = handClock();
  let wrong_ms = 0;
  const { sockets, clock, heard } = line({ clock: { ...hand, date: () => hand.now() + wrong_ms } });
  sockets.last().opens();
  sockets.last().hears(welcome);
  wrong_ms = 3 * 3_600_000;
  clock.turn(41_000);
  sockets.last().opens();
  sockets.last().hears(welcome);
  for (let n = 0; n < 20; n += 1) {
    clock.turn(10_000);
    sockets.last().hears({ type: "ping" });
  }
  assert.deepEqual(
    heard.filter(([what]) => what === "lost"),
    [["lost"]],
  );
});
