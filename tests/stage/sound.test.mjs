import assert from "node:assert/strict";
import test from "node:test";

import { createSound } from "../../overlay/static/stage/sound.js";
import { VOICES } from "../../overlay/static/stage/voices.js";
import { fakeAudio } from "./fake-audio.mjs";
import { handClock } from "./stand-ins.mjs";

globalThis.document = { hidden: false };
const settle = () => new Promise((done) => setImmediate(done));
const near = (got, want, words) => assert.ok(Math.abs(got - want) < 0.02, `${words ?? ""} ${got}, not ${want}`);

/* Sounds by address, as {duration} (s); every other address is not found. */
function house({ files = {}, state } = {}) {
  const clock = handClock();
  const Audio = fakeAudio(clock, { state });
  const fetched = [];
  globalThis.fetch = async (address) => {
    fetched.push(address);
    return { ok: address in files, arrayBuffer: async () => files[address] };
  };
  const sound = createSound({ clock, Audio });
  return {
    sound,
    clock,
    fetched,
    made: Audio.made,
    get audio() {
      return Audio.made[0];
    },
    /* The gift's own sounds that were ever started, each with how loud it is now. */
    owns: () => Audio.made[0].sources().filter((source) => source.buffer?.bytes),
    turn: async (ms) => (clock.turn(ms), settle()),
    /* The loudest moment of so long, turning the clock. */
    loudest(ms, seen = (audio) => audio.loudness()) {
      let most = 0;
      for (let at = 0; at < ms; at += 5) {
        clock.turn(5);
        most = Math.max(most, seen(Audio.made[0]));
      }
      return most;
    },
  };
}

/* A sound that stays: what the buses do to it can be read off at any time. */
async function held(h, { film }) {
  h.sound.play("long", { film });
  await settle();
  await h.turn(1000);
  const source = h.owns().at(-1);
  return () => source.reaches(h.audio.currentTime);
}
const LONG = { long: { duration: 600 } };

function heardOf(tier) {
  const h = house();
  h.sound.chime(tier, 1);
  const { audio } = h;
  let energy = 0;
  for (let s = 0; s < 4; s += 0.005) energy += audio.loudness(s) ** 2;
  return { voices: audio.sources().length, energy, end: Math.max(...audio.sources().map((source) => source.until)) };
}

test("every tier sounds of more voices, more strongly and longer than the one before", () => {
  for (let tier = 2; tier <= 7; tier += 1) {
    const before = heardOf(tier - 1);
    const now = heardOf(tier);
    for (const what of ["voices", "energy", "end"]) assert.ok(now[what] > before[what] * 1.02, `${what} of tier ${tier}: ${now[what]} after ${before[what]}`);
  }
  assert.deepEqual(heardOf(9), heardOf(7));
});

test("a combo climbs the scale as it grows", () => {
  const hz = [1, 2, 5, 20].map((units) => {
    const h = house();
    h.sound.chime(1, units);
    return h.audio.sources()[0].frequency.at(1);
  });
  for (let i = 1; i < hz.length; i += 1) assert.ok(hz[i] > hz[i - 1], hz.join());
});

test("the volume that is set is how loud it is, now and later", async () => {
  const h = house({ files: LONG });
  h.sound.volume(0.5);
  const loud = await held(h, { film: false });
  near(loud(), 0.5);
  h.sound.volume(0.2);
  await h.turn(1000);
  near(loud(), 0.2);
  h.sound.volume(7);
  await h.turn(1000);
  near(loud(), 1);
});

test("at volume 0 nothing sounds: what is to come is not made, what sounds ends", async () => {
  const h = house({ files: LONG });
  const loud = await held(h, { film: false });
  h.sound.volume(0);
  await h.turn(1000);
  near(loud(), 0);
  const before = h.audio.sources().length;
  h.sound.chime(4, 1);
  h.sound.cue("boom", {});
  h.sound.play("long", { film: true });
  h.sound.again("long");
  await settle();
  assert.equal(h.audio.sources().length, before);
  const other = house();
  other.sound.volume(0);
  other.sound.chime(4, 1);
  assert.deepEqual(other.made, []);
});

test("mute silences cards, films and words, and lets them be heard again", async () => {
  const h = house({ files: { ...LONG, short: { duration: 1 } } });
  const card = await held(h, { film: false });
  const film = await held(h, { film: true });
  await h.sound.speak({ duration: 600 }, () => {});
  h.sound.mute(true);
  await h.turn(1000);
  near(h.audio.loudness(), 0);
  h.sound.chime(4, 1);
  near(h.loudest(1000), 0);
  h.sound.volume(0.9);
  await h.turn(1000);
  near(h.audio.loudness(), 0, "a volume does not unmute");
  h.sound.mute(false);
  await h.turn(1000);
  assert.ok(card() > 0.2 && film() > 0.2);
});

test("what is muted while its sound is fetched is not heard", async () => {
  const h = house({ files: LONG });
  h.sound.play("long", { film: false });
  h.sound.mute(true);
  await settle();
  assert.equal(h.owns().length, 0);
});

test("cards give way while a film plays and come back after it; the film does not", async () => {
  const h = house({ files: LONG });
  h.sound.volume(1);
  const card = await held(h, { film: false });
  const film = await held(h, { film: true });
  near(card(), 1);
  h.sound.duck(true);
  await h.turn(1000);
  near(card(), 0.25);
  near(film(), 1);
  h.sound.duck(false);
  await h.turn(1000);
  near(card(), 1);
});

test("a film that begins before anything ever sounded ducks what comes during it", async () => {
  const h = house({ files: LONG });
  h.sound.volume(1);
  h.sound.duck(true);
  const card = await held(h, { film: false });
  near(card(), 0.25);
});

test("words go before both, and both come back when they end", async () => {
  const h = house({ files: LONG });
  h.sound.volume(1);
  const card = await held(h, { film: false });
  const film = await held(h, { film: true });
  let over = 0;
  await h.sound.speak({ duration: 3 }, () => (over += 1));
  await h.turn(1500);
  near(card(), 0.3);
  near(film(), 0.3);
  h.sound.duck(true);
  await h.turn(1000);
  near(card(), 0.075);
  h.sound.duck(false);
  await h.turn(3000);
  assert.equal(over, 1);
  near(card(), 1);
  near(film(), 1);
});

test("a film that is cut takes its sound with it, and leaves the cards'", async () => {
  const h = house({ files: LONG });
  const card = await held(h, { film: false });
  const film = await held(h, { film: true });
  const before = card();
  h.sound.hush();
  await h.turn(700);
  near(film(), 0);
  near(card(), before);
  h.sound.cue("bell", {});
  assert.ok(h.loudest(300, (audio) => audio.loudness() - card()) > 0.01, "the next film is heard");
});

test("a flood of gifts stays bounded: in voices, and in what reaches the speakers", async () => {
  const h = house({ files: { a: { duration: 5 }, b: { duration: 5 } } });
  h.sound.volume(1);
  let voices = 0;
  let loud = 0;
  let mixed = 0;
  for (let ms = 0; ms < 5000; ms += 10) {
    h.sound.chime(1 + (ms % 70) / 10, ms);
    if (ms % 500 === 0) h.sound.play(ms % 1000 ? "a" : "b", { film: false });
    if (ms === 2500) {
      h.sound.duck(true);
      for (const voice of ["boom", "roar", "brass"]) h.sound.cue(voice, {});
    }
    await h.turn(10);
    const owns = h.owns().filter((source) => source.sounds(h.audio.currentTime));
    assert.ok(owns.length <= 4, "own sounds at once");
    const sounding = h.audio.sources(h.audio.currentTime);
    voices = Math.max(voices, sounding.length);
    loud = Math.max(loud, h.audio.loudness() - owns.reduce((sum, source) => sum + source.reaches(h.audio.currentTime), 0));
    mixed = Math.max(mixed, h.audio.limited());
  }
  assert.ok(voices > 20 && voices <= 160, `${voices} voices`);
  assert.ok(loud < 2, `${loud} before the limiter`);
  assert.ok(mixed > 0.3 && mixed <= 1, `${mixed} behind it`);
});

test("all there is goes through the limiter", async () => {
  const h = house({ files: LONG });
  await held(h, { film: false });
  await held(h, { film: true });
  await h.sound.speak({ duration: 1 }, () => {});
  h.sound.chime(4, 1);
  h.sound.hush();
  const into = h.audio.nodes.filter((node) => node.outs.has(h.audio.destination));
  assert.deepEqual(into.map((node) => node.kind), ["compressor"]);
});

test("bells keep their distance, plain chimes go on", () => {
  const h = house();
  const counts = [];
  for (let i = 0; i < 8; i += 1) {
    const before = h.audio?.sources().length ?? 0;
    h.sound.chime(4, 1);
    counts.push(h.audio.sources().length - before);
    h.clock.turn(100);
  }
  assert.deepEqual(counts.map((n) => n > 10), [true, false, false, false, true, false, false, false]);
  assert.ok(counts.every((n) => n > 0));
});

test("a few chimes in a second are each as loud as one, many share the room", () => {
  const h = house();
  const peaks = [];
  for (let i = 0; i < 12; i += 1) {
    const before = h.audio?.sources().length ?? 0;
    h.sound.chime(1, 1);
    const [pluck] = h.audio.sources().slice(before);
    peaks.push(pluck.reaches(pluck.from + 0.005));
    h.clock.turn(80);
  }
  for (const peak of peaks.slice(0, 4)) near(peak / peaks[0], 1);
  assert.ok(peaks.at(-1) < 0.6 * peaks[0] && peaks.at(-1) > 0.4 * peaks[0], peaks.join());
});

test("a gift's own sound is repeated softly, in short, not into itself, and not often", async () => {
  const h = house({ files: { own: { duration: 3 } } });
  h.sound.volume(1);
  h.sound.play("own", { film: false });
  h.sound.again("own"); // it is not even decoded
  await settle();
  await h.turn(1000);
  h.sound.again("own");
  await settle();
  assert.equal(h.owns().length, 1, "while it sounds, nothing is added");
  await h.turn(2100);
  for (let ms = 0; ms < 3600; ms += 100) {
    h.sound.again("own");
    await h.turn(100);
  }
  const repeats = h.owns().slice(1);
  assert.equal(repeats.length, 4);
  for (const repeat of repeats) {
    assert.ok(repeat.reaches(repeat.from) < 0.4);
    assert.ok(repeat.until - repeat.from <= 0.61);
    near(repeat.reaches(repeat.until), 0, "it fades, it is not cut");
  }
  assert.equal(h.audio.sources().length, h.owns().length, "no chime of ours");
  assert.deepEqual(h.fetched, ["own"]);
});

test("where a gift's own sound cannot be read, a bell and soft bars stand in", async () => {
  const h = house({ files: { broken: {} } });
  for (const address of ["broken", "missing"]) {
    const before = h.audio?.sources().length ?? 0;
    h.sound.play(address, { film: false });
    await settle();
    assert.equal(h.audio.sources().length - before, 4);
    h.sound.again(address);
    h.sound.again(address);
    await settle();
    assert.equal(h.audio.sources().length - before, 6);
  }
});

test("after a while of silence the graph sleeps, and wakes for the next sound", async () => {
  const h = house();
  h.sound.chime(1, 1);
  await h.turn(6100);
  assert.equal(h.audio.state, "suspended");
  h.sound.chime(1, 1);
  await settle();
  assert.equal(h.audio.state, "running");
  assert.equal(h.made.length, 1);
});

test("a plain browser that nobody has clicked in stays silent, and so does a hidden page", () => {
  const h = house({ state: "suspended" });
  h.sound.chime(1, 1);
  const made = h.audio.sources().length;
  h.clock.turn(1000);
  h.sound.chime(1, 1);
  assert.equal(h.audio.sources().length, made);
  const other = house();
  document.hidden = true;
  other.sound.chime(1, 1);
  document.hidden = false;
  assert.deepEqual(other.made, []);
});

test("every voice begins, sounds and ends", () => {
  for (const [name, voice] of Object.entries(VOICES)) {
    const clock = handClock();
    const audio = new (fakeAudio(clock))();
    const out = audio.createGain();
    out.connect(audio.destination);
    audio.createDynamicsCompressor();
    voice(audio, out, 0.1, {});
    let most = 0;
    for (let s = 0; s < 5; s += 0.01) most = Math.max(most, audio.loudness(s));
    assert.ok(most > 0.02, `${name}: ${most}`);
    assert.ok(audio.sources().every((source) => source.until < 4), `${name} ends`);
  }
});
