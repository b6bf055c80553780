/* Sound: small gifts chime up a scale as a combo grows; films bring a score of their own, and duck the rest. */

import { VOICES } from "./voices.js";

const SCALE = [0, 2, 4, 7, 9]; // pentatonic: any two notes agree
const GAP_MS = 70;
const SLEEP_MS = 6_000;
const DUCKED = 0.25;
const KEEP = 8; // decoded sounds of gifts
const SPOKEN_OVER = 0.3;

export function createSound({ clock, Audio = globalThis.AudioContext }) {
  let audio = null;
  let master = null;
  let cards = null;
  let films = null;
  let speech = null;
  let ducked = false;
  let speaking = null; // the words that sound now
  let speechVolume = 0.8;
  let volume = 0.7;
  let muted = false;
  let lastChime = -Infinity;
  let stopSleep = null;
  const sounds = new Map(); // address → promise of what is heard
  let asleep = false; // put to sleep by us, so it may be woken

  /* The audio graph, made with the first sound. False while nothing may be heard. */
  function awake() {
    if (muted || volume <= 0 || !Audio || document.hidden) return false;
    if (!audio) {
      audio = new Audio({ latencyHint: "interactive" });
      const limiter = audio.createDynamicsCompressor();
      limiter.threshold.value = -14;
      limiter.ratio.value = 8;
      limiter.connect(audio.destination);
      master = audio.createGain();
      master.gain.value = volume;
      master.connect(limiter);
      cards = audio.createGain();
      cards.connect(master);
      films = audio.createGain();
      films.connect(master);
      speech = audio.createGain();
      speech.connect(master);
    } else if (audio.state === "suspended") {
      if (!asleep && !globalThis.navigator?.userActivation?.hasBeenActive) return false; // OBS allows sound, a plain browser only after a click
      audio.resume().catch(() => {});
    }
    asleep = false;
    stopSleep?.();
    stopSleep = clock.after(SLEEP_MS, sleep);
    return true;
  }

  function sleep() {
    if (audio.state !== "running") return;
    if (speaking) {
      stopSleep = clock.after(SLEEP_MS, sleep);
      return;
    }
    asleep = true;
    audio.suspend().catch(() => {});
  }

  /* The sound at an address, decoded once and kept. */
  function decoded(address) {
    let promise = sounds.get(address);
    if (!promise) {
      promise = fetch(address)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error("sound"))))
        .then((bytes) => audio.decodeAudioData(bytes));
      sounds.set(address, promise);
      if (sounds.size > KEEP) sounds.delete(sounds.keys().next().value);
    }
    return promise;
  }

  /* Cards give way to a film, and both to words. */
  function level() {
    const over = speaking ? SPOKEN_OVER : 1;
    cards.gain.setTargetAtTime((ducked ? DUCKED : 1) * over, audio.currentTime, 0.12);
    films.gain.setTargetAtTime(over, audio.currentTime, 0.12);
  }

  function play(out, voice, options, delay_s = 0) {
    VOICES[voice]?.(audio, out, audio.currentTime + 0.01 + delay_s, options);
  }

  const note = (step, base = 523.25) => base * 2 ** (Math.floor(step / 5) + SCALE[step % 5] / 12);

  return {
    /* A card arrives or counts up. */
    chime(tier, units) {
      const now = clock.now();
      if (now - lastChime < GAP_MS || !awake()) return;
      lastChime = now;
      const step = Math.min(12, Math.floor(Math.log2(Math.max(1, units)) * 1.7));
      play(cards, "pluck", { hz: note(step), peak: 0.16 });
      if (tier >= 2) play(cards, "pluck", { hz: note(step + 2), peak: 0.12 }, 0.07);
      if (tier < 3) return;
      play(cards, "whoosh", { length: 0.5, peak: 0.08 });
      for (let i = 0; i < tier + 1; i += 1) play(cards, "bell", { hz: note(step + i * 2), peak: 0.07, length: 1.1 }, 0.1 + i * 0.09);
    },
    /* One cue of a film: [voice, options]. */
    cue(voice, options) {
      if (!awake()) return;
      play(films, voice, options);
    },
    /* A gift's own sound, as loud as the others: {film}: it belongs to a film, and ends with it. */
    play(address, { film }) {
      if (!awake()) return;
      const out = film ? films : cards;
      decoded(address)
        .then((buffer) => {
          if (muted || !buffer) return;
          const source = audio.createBufferSource();
          source.buffer = buffer;
          source.connect(out);
          source.start();
          stopSleep?.();
          stopSleep = clock.after(SLEEP_MS + buffer.duration * 1000, sleep);
        })
        .catch(() => play(out, "bell", { hz: note(5), peak: 0.1, length: 1.1 })); // it could not be read
    },
    duck(on) {
      ducked = on;
      if (audio) level();
    },
    /* Says words (the bytes of a sound file) and calls `over` at their end, or when they cannot be heard; stops by the
       function that it promises. */
    async speak(bytes, over) {
      if (speechVolume <= 0 || !awake()) return over();
      const source = audio.createBufferSource();
      try {
        source.buffer = await audio.decodeAudioData(bytes);
      } catch {
        return over(); // no sound that this browser knows
      }
      const end = () => {
        if (speaking === source) speaking = null;
        level();
        over();
      };
      speaking = source;
      speech.gain.value = speechVolume;
      source.onended = end;
      source.connect(speech);
      source.start();
      level();
      return () => {
        source.onended = null;
        source.stop();
        if (speaking === source) speaking = null;
        level();
      };
    },
    speechVolume(value) {
      speechVolume = Math.min(1, Math.max(0, Number(value) || 0));
      if (speech) speech.gain.value = speechVolume;
    },
    /* Ends what a film still has sounding. */
    hush() {
      if (!audio) return;
      const old = films;
      old.gain.setTargetAtTime(0, audio.currentTime, 0.08);
      clock.after(600, () => old.disconnect());
      films = audio.createGain();
      films.connect(master);
      level();
    },
    mute(on) {
      muted = on;
      if (audio) master.gain.setTargetAtTime(on ? 0 : volume, audio.currentTime, 0.05);
    },
    volume(value) {
      volume = Math.min(1, Math.max(0, Number(value) || 0));
      if (audio && !muted) master.gain.setTargetAtTime(volume, audio.currentTime, 0.05);
    },
  };
}
