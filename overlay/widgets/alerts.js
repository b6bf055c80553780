/* giftcast-widget
{
  "title": "Gift alerts",
  "description": "Plays every gift on the stream: cards that count up combos, and full-screen films for the great ones.",
  "settles": true,
  "events": ["gift.sent", "gift.returned", "gift.recall", "gift.text", "settled", "control", "cheer", "pin.changed", "gift.speech"],
  "settings": {
    "volume": {"type": "number", "label": "Sound volume", "default": 0.7, "min": 0, "max": 1, "step": 0.05},
    "speech_volume": {"type": "number", "label": "Volume of spoken messages (0: none)", "default": 0.8, "min": 0, "max": 1, "step": 0.05},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 1.6, "step": 0.05},
    "side": {"type": "choice", "label": "Cards stand on the", "default": "left", "choices": ["left", "right"]},
    "lane_height": {"type": "number", "label": "Lower edge of the cards (% of the height, from the top)", "default": 70, "min": 30, "max": 95, "step": 1},
    "lanes": {"type": "integer", "label": "Cards at once", "default": 3, "min": 1, "max": 3},
    "card_s": {"type": "number", "label": "A card stays (seconds; less while others wait)", "default": 6, "min": 2, "max": 20, "step": 0.5},
    "combo_window_s": {"type": "number", "label": "A combo card waits for the next gift (seconds)", "default": 4, "min": 1, "max": 15, "step": 0.5},
    "hero_from_tier": {"type": "integer", "label": "Full-screen film from tier", "default": 5, "min": 1, "max": 9},
    "hero_from_coins": {"type": "integer", "label": "Full-screen film for one gift of at least so many coins (0: tier alone decides)", "default": 2000, "min": 0, "max": 1000000},
    "missed": {"type": "choice", "label": "What nobody could see (offline, hidden, reloaded)", "default": "tray", "choices": ["tray", "full"]},
    "missed_from": {"type": "integer", "label": "Tray from so many waiting gifts (a combo is one)", "default": 10, "min": 2, "max": 500},
    "missed_films": {"type": "integer", "label": "Films played in full after a tray, the dearest", "default": 2, "min": 0, "max": 20},
    "messages": {"type": "boolean", "label": "Show viewers' messages", "default": true},
    "avatars": {"type": "boolean", "label": "Show viewers' faces", "default": true},
    "cheers": {"type": "boolean", "label": "Show cheers (Bits) as a small effect", "default": true},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false},
    "fx": {"type": "choice", "label": "Effects", "default": "auto", "choices": ["auto", "high", "low"]}
  }
}
*/

import { createBeside } from "/static/stage/beside.js";
import { createCards } from "/static/stage/cards.js";
import { createCheers } from "/static/stage/cheers.js";
import { createDirector } from "/static/stage/director.js";
import { createGauge } from "/static/stage/gauge.js";
import { createHero } from "/static/stage/hero.js";
import { fitted } from "/static/stage/lanes.js";
import { createOvation, spokenCheer } from "/static/stage/ovation.js";
import { createParticles } from "/static/stage/particles.js";
import { createPins } from "/static/stage/pin.js";
import { createRecord } from "/static/stage/record.js";
import { createSound } from "/static/stage/sound.js";
import { createSpeech, loadClip } from "/static/stage/speech.js";
import { createTray } from "/static/stage/tray.js";
import { box, useStyles } from "/static/stage/text.js";
import { spoken } from "/static/stage/words.js";

const PIN_LEAST = 0.72; // of the house's size, as in pin.css: smaller it could not be read

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export default function start(stage) {
  const { root, clock } = stage;
  useStyles(...["cards", "cheers", "face", "film", "hero", "pin", "tray"].map((name) => `/static/stage/${name}.css`));
  const gauge = createGauge();
  const sound = createSound({ clock });
  const unit = () => (Math.min(innerWidth, innerHeight) / 100) * look().scale;

  const back = box("layer");
  const canvas = document.createElement("canvas");
  canvas.className = "sparks";
  const middle = box("layer");
  const front = box("layer");
  const ear = box("ear");
  ear.setAttribute("aria-live", "polite");
  root.append(back, middle, canvas, front, ear);

  const particles = createParticles({ canvas, unit, gauge });
  const tinted = stage.wardrobe.tinted(particles); // films keep their own colours
  const beside = createBeside({ clock, particles: tinted, unit, look });
  middle.append(beside.element);
  const cards = createCards({ root: beside.element, unit, clock, particles: beside.particles, sound, look, layout: stage.wardrobe.card });
  const hero = createHero({ back, front, clock, particles, sound, gauge, look });
  const tray = createTray({ root: middle, unit, clock, sound, look, ear });
  const pins = createPins({ root: middle, unit: () => Math.max(unit(), (PIN_LEAST * Math.min(innerWidth, innerHeight)) / 100), clock, look });
  const record = createRecord({ clock });

  /* Cards wait until the page is dressed, for its theme may lay them out; then they come in order. */
  let undressed = [];
  stage.wardrobe.first.then(() => {
    const waiting = undressed;
    undressed = null;
    for (const act of waiting) act();
  });
  const dressed =
    (act) =>
    (...values) =>
      undressed ? void undressed.push(() => act(...values)) : act(...values);
  const laid = { open: dressed(cards.open), bump: dressed(cards.bump), write: dressed(cards.write), close: dressed(cards.close) };
  const part = (show) => (show.kind === "hero" ? hero : laid);
  const scene = {
    prepare: hero.prepare,
    lengthMs: hero.lengthMs,
    captionMs: hero.captionMs,
    lines: (show, names) => (show.kind === "hero" ? hero : cards).lines(show, names),
    open(show, painted, appears) {
      ear.textContent = spoken(show);
      let told = painted;
      const noted = () => {
        appears();
        if (show.kind === "hero") beside.steps("film");
        told = record.wrap(show, painted);
      };
      part(show).open(show, (at) => told(at), noted);
    },
    bump: (show, painted) => part(show).bump(show, record.wrap(show, painted)),
    write: (show) => part(show).write(show),
    close(show, manner) {
      if (show.kind === "hero") beside.returns("film");
      part(show).close(show, manner);
    },
    freeze: hero.freeze,
    mute: sound.mute,
    tray: {
      ...tray,
      open(show) {
        beside.steps("tray");
        tray.open(show);
      },
      close(show, manner) {
        beside.returns("tray");
        tray.close(show, manner);
      },
      page: (show, rows, painted) => tray.page(show, rows, record.wrap(show, painted)),
    },
  };
  const director = createDirector({ clock, scene, receipts: stage.receipts });
  const ovation = createOvation({ root: middle, unit, clock, particles: tinted, sound, look });
  const cheers = createCheers({
    clock,
    scene: {
      open(cheer) {
        ear.textContent = spokenCheer(cheer);
        ovation.open(cheer);
      },
      close: ovation.close,
    },
    listens() {
      const now = director.state();
      return (stage.settings().cheers ?? true) && !(now.paused || now.standby || now.hidden || now.offline);
    },
    busy: () => director.state().hero !== null,
  });

  const speech = createSpeech({
    clock,
    sound,
    load: loadClip,
    isShown: director.isShown,
    may: () => (stage.settings().speech_volume ?? 0.8) > 0 && !director.state().hidden,
  });
  let stopPatience = null;

  function look() {
    const set = stage.settings();
    const asked = { scale: set.scale ?? 1, laneHeight: set.lane_height ?? 70, lanes: set.lanes ?? 3 };
    return {
      ...fitted({ width: innerWidth, height: innerHeight, ...asked }),
      side: set.side ?? "left",
      way: set.side === "right" ? -1 : 1,
      comboMs: (set.combo_window_s ?? 4) * 1000,
      messages: set.messages ?? true,
      faces: set.avatars ?? true,
      rich: set.fx === "high",
      calm: (set.calm ?? false) || reduced.matches,
    };
  }

  function apply() {
    const set = stage.settings();
    const now = look();
    root.style.setProperty("--scale", now.scale);
    root.style.setProperty("--lane-height", now.laneHeight);
    root.classList.toggle("side-right", now.side === "right");
    gauge.set(set.fx);
    particles.calm(now.calm);
    beside.fit();
    sound.volume(set.volume ?? 0.7);
    sound.speechVolume(set.speech_volume ?? 0.8);
    const card_ms = (set.card_s ?? 6) * 1000;
    director.configure({
      lanes: now.lanes,
      card_ms,
      scene_ms: card_ms + 1500,
      combo_ms: now.comboMs,
      hero_from_tier: set.hero_from_tier ?? 5,
      hero_from_coins: set.hero_from_coins ?? 2000,
      missed_from: set.missed === "full" ? 0 : (set.missed_from ?? 10),
      missed_films: set.missed_films ?? 2,
    });
  }

  addEventListener("resize", apply);
  stage.on("welcome", (message, first) => {
    apply();
    stopPatience?.();
    stopPatience = null;
    if (first) director.restart();
    sound.mute(Boolean(message.muted));
    director.paused(Boolean(message.paused));
    director.standby(Boolean(message.standby));
    director.catching(Boolean(message.catching_up));
  });
  stage.on("caught_up", () => director.catching(false));
  stage.on("lost", () => {
    stopPatience ??= clock.after(OFFLINE_MS, () => director.offline(true));
  });
  stage.on("gift.sent", (frame) => director.gift(record.note(frame)));
  stage.on("gift.returned", (frame) => {
    director.returned(frame.data.gift_id);
    speech.hush(frame.data.gift_id);
  });
  stage.on("gift.speech", (frame) => speech.add(frame.data));
  stage.on("gift.recall", (frame) => director.recall(frame.data.gift_ids));
  stage.on("gift.text", (frame) => {
    director.unsay(frame.data.gift_id);
    speech.hush(frame.data.gift_id);
  });
  stage.on("gift.face", (frame) => director.face(frame.data.gift_ids, frame.data.avatar));
  stage.on("settled", (frame) => director.settled(frame.data.gift_ids));
  stage.on("control", (frame) => {
    director.control(frame.data.action, frame.data.gift_id, frame.data.sent);
    cheers.control(frame.data.action, frame.data.gift_id);
    speech.control(frame.data.action, frame.data.gift_id);
  });
  stage.on("cheer", cheers.add);
  stage.on("pin.changed", pins.show);
  stage.on("presence", director.presence);
  stage.on("leave", director.leave);
  director.presence(stage.presence());
  stage.expose({
    shown: record.shown,
    fps: gauge.fps,
    state: () => ({ ...director.state(), cheers: cheers.state(), pin: pins.state(), speech: speech.state(), fx: gauge.level(), sparks: particles.alive() }),
  });
}

/* Without a server for so long, a gift may be on its way back to its viewer: nothing new starts. */
const OFFLINE_MS = 20_000;

export { default as demo } from "/static/stage/demo-alerts.js";
