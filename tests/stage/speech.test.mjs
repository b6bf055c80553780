import assert from "node:assert/strict";
import test from "node:test";

import { createSpeech } from "../../overlay/static/stage/speech.js";
import { handClock } from "./stand-ins.mjs";

const settle = () => new Promise((done) => setImmediate(done));

function house({ may = () => true, isShown = () => true, load = async (path) => `bytes of ${path}` } = {}) {
  const clock = handClock();
  const said = [];
  const stopped = [];
  const sound = {
    async speak(bytes, over) {
      said.push({ bytes, over });
      return () => stopped.push(bytes);
    },
  };
  const speech = createSpeech({ clock, sound, load, may, isShown });
  const turn = async (ms = 900) => (clock.turn(ms), settle());
  return { speech, said, stopped, turn, words: () => said.map((each) => each.bytes) };
}

const clip = (id) => ({ gift_id: id, path: `/speech/${id}.wav` });

test("words come after the gift's own sound, one gift at a time", async () => {
  const h = house();
  h.speech.add(clip("a"));
  h.speech.add(clip("b"));
  await h.turn(800);
  assert.deepEqual(h.words(), []);
  await h.turn();
  assert.deepEqual(h.words(), ["bytes of /speech/a.wav"]);
  h.said[0].over();
  await settle();
  assert.equal(h.words().length, 2);
  h.said[1].over();
  assert.deepEqual(h.speech.state(), { saying: null, waiting: 0 });
});

test("skip, mute, clear and a deleted message silence at once, and the next goes on", async () => {
  for (const silence of [
    (speech) => speech.control("skip"),
    (speech) => speech.control("skip", "a"),
    (speech) => speech.hush("a"),
  ]) {
    const h = house();
    for (const id of ["a", "b"]) h.speech.add(clip(id));
    await h.turn();
    silence(h.speech);
    await settle();
    assert.equal(h.stopped.length, 1);
    assert.equal(h.speech.state().saying, "b");
  }
  for (const action of ["mute", "clear"]) {
    const h = house();
    for (const id of ["a", "b"]) h.speech.add(clip(id));
    await h.turn();
    h.speech.control(action);
    await settle();
    assert.deepEqual(h.speech.state(), { saying: null, waiting: 0 });
    assert.equal(h.stopped.length, 1);
  }
});

test("skip without words, and pause, silence nobody who waits", async () => {
  const h = house();
  h.speech.add(clip("a"));
  h.speech.control("skip");
  h.speech.control("pause");
  await h.turn();
  assert.equal(h.speech.state().saying, "a");
});

test("words whose gift is silenced while they are fetched are never said", async () => {
  let arrive;
  const h = house({ load: () => new Promise((done) => (arrive = done)) });
  h.speech.add(clip("a"));
  await h.turn();
  h.speech.hush("a");
  arrive("late");
  await settle();
  assert.deepEqual(h.words(), []);
});

test("nothing is fetched that cannot be heard, is in a tray, or finds no room", async () => {
  const asked = [];
  const load = async (path) => asked.push(path);
  house({ load, may: () => false }).speech.add(clip("a"));
  house({ load, isShown: () => false }).speech.add(clip("a"));
  assert.deepEqual(asked, []);
  const h = house({ load });
  for (let i = 0; i < 10; i += 1) h.speech.add(clip(`${i}`));
  assert.equal(asked.length, 3);
});

test("a clip that is gone is passed over", async () => {
  const h = house({
    load: async (path) => {
      if (path.includes("a")) throw new Error("404");
      return "b";
    },
  });
  h.speech.add({ gift_id: "1", path: "a" });
  h.speech.add({ gift_id: "2", path: "b" });
  await h.turn();
  await settle();
  assert.deepEqual(h.words(), ["b"]);
});
