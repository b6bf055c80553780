/* Sound: small gifts chime up a scale as a combo grows; films bring a score of their own, and duck the rest. */

import { chimeOf, note, RICH_FROM } from "./chimes.js";
import { VOICES } from "./voices.js";

const GAP_MS = 70; // from one chime to the next
const RICH_GAP_MS = 350; // from one with bells to the next
const CROWD_MS = 1000; // the chimes of so long share the room,
const FEW = 3; // if they are more
const SLEEP_MS = 6_000;
const DUCKED = 0.25;
const KEEP = 8; // decoded sounds of gifts
const OWN_AT_ONCE = 4;
const AGAIN = { peak: 0.35, length: 0.6, gap_ms: 900 }; // a gift's own sound as its card counts up
const TAIL_MS = 150; // the end of a sound, into which another may come
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
  let lastRich = -Infinity;
  let recent = []; // when the last chimes came
  const own = new Set(); // gifts' own sounds, as their cards play them
  let stopSleep = null;
  const sounds = new Map(); // address → {heard: promise of its sound, until: it fills the ear so long}
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
      level();
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
    let sound = sounds.get(address);
    if (!sound) {
      const heard = fetch(address)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error("sound"))))
        .then((bytes) => audio.decodeAudioData(bytes));
      sound = { heard, until: 0 };
      sounds.set(address, sound);
      if (sounds.size > KEEP) sounds.delete(sounds.keys().next().value);
    }
    return sound;
  }

  /* Plays what is decoded into `out`; `length_s`: no more than its beginning. */
  function sounded(buffer, out, length_s = buffer.duration) {
    const source = audio.createBufferSource();
    source.buffer = buffer;
    source.connect(out);
    source.start();
    if (length_s < buffer.duration) source.stop(audio.currentTime + length_s);
    stopSleep?.();
    stopSleep = clock.after(SLEEP_MS + buffer.duration * 1000, sleep);
    return source;
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

  return {
    /* A card arrives or counts up. Many at once stay as loud as a few, and bells keep their distance. */
    chime(tier, units) {
      const now = clock.now();
      if (now - lastChime < GAP_MS || !awake()) return;
      lastChime = now;
      recent = recent.filter((at) => now - at < CROWD_MS);
      const share = 1 / Math.sqrt(Math.max(1, recent.length / FEW));
      recent.push(now);
      const rich = tier >= RICH_FROM && now - lastRich >= RICH_GAP_MS;
      if (rich) lastRich = now;
      for (const [voice, options, delay_s] of chimeOf(rich ? tier : Math.min(tier, RICH_FROM - 1), units))
        play(cards, voice, { ...options, peak: options.peak * share }, delay_s);
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
      const sound = decoded(address);
      sound.until = Infinity;
      sound.heard
        .then((buffer) => {
          sound.until = clock.now() + buffer.duration * 1000 - TAIL_MS;
          if (muted) return;
          if (!film && own.size >= OWN_AT_ONCE) return play(out, "pluck", { hz: note(5), peak: 0.1 });
          const source = sounded(buffer, out);
          if (film) return;
          own.add(source);
          source.onended = () => own.delete(source);
        })
        .catch(() => {
          sound.until = 0;
          play(out, "bell", { hz: note(5), peak: 0.1, length: 1.1 }); // it could not be read
        });
    },
    /* Its card counts up: the beginning of its own sound, softly, not often, and never into itself. */
    again(address) {
      if (!awake()) return;
      const sound = decoded(address);
      const now = clock.now();
      if (now < sound.until) return;
      sound.until = now + AGAIN.gap_ms;
      sound.heard
        .then((buffer) => {
          if (muted) return;
          const fade = audio.createGain();
          fade.gain.setValueAtTime(AGAIN.peak, audio.currentTime);
          fade.gain.linearRampToValueAtTime(0, audio.currentTime + AGAIN.length);
          fade.connect(cards);
          sounded(buffer, fade, AGAIN.length);
        })
        .catch(() => play(cards, "pluck", { hz: note(5), peak: 0.06 }));
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
