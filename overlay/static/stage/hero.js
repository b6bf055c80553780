/* Heroes: the full-screen gifts, one at a time: a film, and a caption that names the giver. */

import { DEFAULT_PALETTE, ownArt, paletteFrom, paletteOf } from "./art.js";
import { heatOf } from "./flair.js";
import { paintFace } from "./face.js";
import { play, ready } from "./film.js";
import { clip } from "./clip.js";
import { calm as calmFilm, generic } from "./heroes/generic.js";
import { FILMS } from "./heroes/index.js";
import { EASE, FADE_IN, FADE_OUT, punch } from "./moves.js";
import { afterPaint } from "./paint.js";
import { coinsOf, faceOf, sendersOf, unitsOf } from "./show.js";
import { box, fit, fontOf, label, number, width } from "./text.js";
import { counter, deed, lineOf, message, names, spoken } from "./words.js";

const PATIENCE_MS = 900; // how long a film waits for its pictures
const CALM_MS = 5000;
const CAPTION_MS = 400; // until the giver can be read
const LARGE_FROM_TIER = 4; // smaller gifts have no picture of 1024 px
const NO_FILM = { pause() {}, resume() {}, stop() {}, clear() {} };

export function createHero({ back, front, clock, particles, sound, gauge, look }) {
  const pool = box("film");
  const set = box("film");
  const name = label("div", "hero-name");
  const title = label("div", "hero-title");
  const count = label("div", "hero-count");
  const line = label("div", "hero-line");
  const band = box("hero-band");
  const row = box("hero-row", title, count);
  const again = label("div", "again", "Replay");
  const face = box("face hero-face");
  const who = box("hero-who", face, name);
  const caption = box("hero-caption", band, box("deco deco-a"), again, who, row, line, box("deco deco-b"));
  caption.setAttribute("role", "img");
  const parts = [box("hero", pool), box("hero", set), box("hero hero-front", caption)];
  back.append(parts[0], parts[1]);
  front.append(parts[2]);
  reveal(false);
  let now = null; // {show, film, motions}

  const unit = () => (Math.min(innerWidth, innerHeight) / 100) * Math.min(1.15, look().scale);
  const centre = () => [innerWidth / 2, innerHeight * (innerHeight > innerWidth ? 0.27 : 0.41)];

  function reveal(on) {
    for (const part of parts) part.hidden = !on;
  }

  function timelineOf(show, palette) {
    const px = show.tier >= LARGE_FROM_TIER ? 1024 : 256;
    if (look().calm) return calmFilm(show.gift.art, CALM_MS, px);
    const own = ownArt(show.gift.art);
    if (own?.url) return clip(show.gift.art, own, palette);
    return FILMS[show.gift.art] ?? generic(show.gift.art, palette, px);
  }

  const lengthOf = (show) => timelineOf(show, DEFAULT_PALETTE).length_ms;

  /* What of the film, in its own time, its caption can be read: from when it stands until it fades. */
  function captionMs(show) {
    const timeline = timelineOf(show, DEFAULT_PALETTE);
    return fadesAt(timeline) - CAPTION_MS;
  }
  const fadesAt = ({ beats, length_ms }) => Math.max(beats.farewell, length_ms - 700);

  const room = () => Math.min(innerWidth * 0.9 - 20 * unit(), 112 * unit());
  const nameFont = () => fontOf(800, 5 * unit());

  function write(show) {
    const u = unit();
    name.textContent = fit(show.page ? show.page.lines[0].join(", ") : names(show, 40), nameFont(), room());
    face.hidden = !look().faces;
    if (look().faces) paintFace(face, faceOf(show));
    title.textContent = deed(show).gift;
    const counted = counter(show);
    count.textContent = counted;
    row.style.fontSize = `${sizeFor(`${title.textContent.toUpperCase()} ${counted}`, room(), u)}px`;
    count.dataset.text = counted;
    count.dataset.heat = heatOf(unitsOf(show));
    const words = look().messages ? message(show) : "";
    const many = show.page ? `${number(sendersOf(show).length)} viewers · ` : "";
    const coins = `${many}${number(coinsOf(show))} coins`;
    line.textContent = words ? fit(words, fontOf(600, 3 * u), room()) : coins;
    again.hidden = !show.encore;
    caption.setAttribute("aria-label", spoken(show));
  }

  /* As large as the line allows. */
  const sizeFor = (text, room_px, u) => 7.6 * u * Math.min(1, room_px / width(text, fontOf(900, 7.6 * u)));

  function dress(palette) {
    for (const [key, value] of [
      ["--accent", palette.main],
      ["--accent-light", palette.light],
      ["--accent-deep", palette.deep],
      ["--second", palette.second],
    ]) {
      caption.style.setProperty(key, value);
    }
  }

  /* The caption: the giver at once, the gift's name with the reveal. */
  function titles(timeline, rate) {
    const u = unit();
    const out = fadesAt(timeline) / rate;
    const from = (ms, frames, duration, easing) => ({ frames, options: { delay: ms / rate, duration, easing, fill: "both" } });
    const { calm } = look();
    const rise = calm
      ? FADE_IN
      : [
          { opacity: 0, transform: `translateY(${2.4 * u}px)` },
          { opacity: 1, transform: "none" },
        ];
    const stamp = calm
      ? FADE_IN
      : [
          { opacity: 0, transform: "scale(1.9)", easing: EASE.in },
          { opacity: 1, transform: "scale(.94)", offset: 0.45, easing: EASE.soft },
          { opacity: 1, transform: "none" },
        ];
    const unroll = calm
      ? FADE_IN
      : [
          { opacity: 0, transform: "scaleX(.3)" },
          { opacity: 1, transform: "none" },
        ];
    const plan = [
      [band, from(0, unroll, 620, EASE.out)],
      [who, from(120, rise, 520, EASE.out)],
      [title, from(timeline.beats.reveal, stamp, 520)],
      [count, from(timeline.beats.reveal + 320, stamp, 420)],
      [line, from(timeline.beats.reveal + 420, rise, 520, EASE.out)],
    ];
    const motions = plan.map(([target, move]) => target.animate(move.frames, move.options));
    motions.push(caption.animate(FADE_OUT, { delay: out, duration: 600 / rate, easing: "ease-in", fill: "forwards" }));
    return motions;
  }

  async function open(show, painted, appears) {
    const mine = { show, film: null, motions: [] };
    now = mine;
    const patience = new Promise((done) => clock.after(PATIENCE_MS, () => done(null)));
    const palette = (await Promise.race([paletteOf(show.gift.art), patience])) ?? paletteFrom(330, 45);
    const timeline = timelineOf(show, palette);
    await Promise.race([ready(timeline).catch(() => null), patience]);
    if (now !== mine) return;
    dress(palette);
    reveal(true);
    parts[2].hidden = true; // the caption comes with the film
    const level = look().rich ? "rich" : gauge.level();
    const film = await play({ timeline, set, pool, unit: unit(), rate: show.rate, level, centre, particles, sound, clock }).catch(
      () => NO_FILM,
    );
    if (now !== mine) {
      film.stop();
      return;
    }
    appears(); // in the frame in which film and caption do
    write(show);
    parts[2].hidden = false;
    mine.film = film;
    mine.motions = titles(timeline, show.rate);
    sound.duck(true);
    const heard = ownArt(show.gift.art)?.sound;
    if (heard) sound.play(heard, { film: true });
    afterPaint(painted);
  }

  function clear(mine) {
    if (now === mine) {
      now = null;
      reveal(false);
      mine.film?.clear();
    }
    for (const motion of mine.motions) motion.cancel();
  }

  return {
    /* Fetches what a waiting hero will need. */
    prepare: (show) =>
      void paletteOf(show.gift.art)
        .then((palette) => ready(timelineOf(show, palette)))
        .catch(() => {}),
    lengthMs: lengthOf,
    captionMs,
    lines: (show, names) => [lineOf(names, nameFont(), room())],
    open,
    bump(show, painted) {
      if (now?.show !== show || !now.film) return;
      write(show);
      if (!look().calm) count.animate(punch(2), { duration: 420 });
      afterPaint(painted);
    },
    /* What its caption says has changed; a film that still waits for its pictures writes it later. */
    write(show) {
      if (now?.show === show && now.film) write(show);
    },
    close(show, manner) {
      const mine = now;
      if (mine?.show !== show) return;
      mine.film?.stop();
      sound.duck(false);
      if (manner === "leave" || !mine.film) return clear(mine);
      sound.hush();
      particles.clear();
      const gone = parts.map((part) => part.animate(FADE_OUT, { duration: 220, fill: "forwards" }));
      clock.after(240, () => {
        clear(mine);
        for (const motion of gone) motion.cancel();
      });
      return undefined;
    },
    freeze(on) {
      if (!now?.film) return;
      if (on) now.film.pause();
      else now.film.resume();
      for (const motion of now.motions)
        if (on) motion.pause();
        else motion.play();
    },
  };
}
