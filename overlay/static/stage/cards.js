/* Cards: the gifts in the lanes. A card comes in, counts up while its combo runs, and goes. */

import { DEFAULT_PALETTE, giftUrl, paletteOf, picture } from "./art.js";
import { EASE, ENTRIES, FADE_IN, FADE_OUT, FLOAT, NOD, punch } from "./moves.js";
import { afterPaint } from "./paint.js";
import { giftsOf, isCrowd, unitsOf } from "./show.js";
import { box, fit, fontOf, label } from "./text.js";
import { themeOf } from "./themes.js";
import { counter, deed, message, names, spoken } from "./words.js";

const NAME_ROOM = 46; // units of width
const CROWD_ROOM = 19; // letters for several names
const LANE = 15.8;
const TALLY_STEPS = 6;
const TALLY_MS = 42;

/* 0 … 4: how hot a count is. */
export const heatOf = (units) => (units >= 100 ? 4 : units >= 50 ? 3 : units >= 10 ? 2 : units >= 2 ? 1 : 0);

export function createCards({ root, unit, clock, particles, sound, look }) {
  const lanes = box("lanes");
  root.append(lanes);
  const open = new Map(); // show key → card

  function build(show) {
    const name = label("div", "card-name");
    const line = document.createElement("div");
    line.className = "card-deed";
    const words = label("div", "card-message");
    const fuse = box("card-fuse");
    const sheen = box("card-sheen");
    const back = box("card-back");
    const text = box("card-text", name, line, words);
    const plate = box("card-plate", back, sheen, text, fuse);
    const art = box("card-art");
    const halo = box("card-halo");
    const count = label("div", "card-count");
    const element = box("card", halo, art, plate, count);
    element.dataset.kind = show.kind;
    element.setAttribute("role", "img");
    element.style.bottom = `calc(var(--u) * ${show.lane * LANE})`;
    return { show, element, name, line, words, fuse, sheen, back, text, plate, art, halo, count, palette: DEFAULT_PALETTE, units: 0, tally: null, shown: "" };
  }

  function write(card) {
    const { show } = card;
    const u = unit();
    card.name.textContent = fit(names(show, CROWD_ROOM), fontOf(800, 4 * u), NAME_ROOM * u);
    const said = deed(show);
    const gift = document.createElement("bdi");
    gift.textContent = said.gift;
    card.line.replaceChildren(`${said.lead} `, gift);
    const words = look().messages ? message(show) : "";
    card.words.textContent = words ? fit(words, fontOf(500, 2.7 * u), NAME_ROOM * u) : "";
    card.element.classList.toggle("told", Boolean(words));
    card.element.setAttribute("aria-label", spoken(show));
  }

  function dress(card) {
    const shown = giftsOf(card.show).slice(0, card.show.mixed ? 3 : 1).map((each) => each.gift.art);
    if (card.shown === shown.join()) return;
    card.shown = shown.join();
    Promise.all(shown.map((art) => picture(giftUrl(art, 256)))).then((images) => {
      card.art.replaceChildren(...images.map((image) => Object.assign(image.cloneNode(), { alt: "" })));
    });
    paletteOf(shown[0]).then((palette) => {
      card.palette = palette;
      const style = card.element.style;
      style.setProperty("--accent", palette.main);
      style.setProperty("--accent-light", palette.light);
      style.setProperty("--accent-deep", palette.deep);
      style.setProperty("--second", palette.second);
    });
  }

  function setCount(card, text, units) {
    card.count.textContent = text;
    card.count.dataset.text = text;
    card.element.dataset.heat = isCrowd(card.show) ? "1" : String(heatOf(units));
  }

  /* Counts from what stood there to what is true now, in a few quick steps; `done` once the true number stands. */
  function tally(card, done) {
    card.tally?.();
    const from = card.units;
    const to = unitsOf(card.show);
    card.units = to;
    const last = counter(card.show);
    const steps = look().calm || to - from < 3 || from === 0 ? 1 : TALLY_STEPS;
    let step = 0;
    const tick = () => {
      step += 1;
      if (step >= steps) {
        card.tally = null;
        setCount(card, last, to);
        done();
        return;
      }
      const between = Math.round(from + ((to - from) * step) / steps);
      setCount(card, last[0] + between.toLocaleString("en"), between);
      card.tally = clock.after(TALLY_MS, tick);
    };
    tick();
  }

  function enter(card) {
    const { calm, way } = look();
    if (calm) {
      card.element.animate(FADE_IN, { duration: 500, easing: "ease-out" });
      return;
    }
    const u = unit();
    const theme = themeOf(card.show.gift.art, card.palette);
    const scene = card.show.kind === "scene";
    const ms = scene ? 980 : 760;
    card.art.animate(ENTRIES[theme.entry](u, way), { duration: ms, fill: "backwards" });
    card.back.animate(
      [
        { transform: "scaleX(.24)", opacity: 0 },
        { transform: "scaleX(.24)", opacity: 1, offset: 0.22, easing: EASE.out },
        { transform: "scaleX(1)", opacity: 1 },
      ],
      { duration: ms * 0.8, fill: "backwards" },
    );
    card.text.animate([{ opacity: 0, transform: `translateX(${way * -3 * u}px)` }, { opacity: 1, transform: "none" }], {
      duration: 420, delay: ms * 0.3, easing: EASE.out, fill: "backwards",
    });
    card.count.animate([{ transform: "scale(0)", opacity: 0 }, { transform: "none", opacity: 1 }], {
      duration: 380, delay: ms * 0.42, easing: EASE.back, fill: "backwards",
    });
    clock.after(ms * (theme.entry === "drop" ? 0.4 : 0.5), () => cheer(card, scene ? 1.6 : 1));
    if (scene) flourish(card, ms);
    card.art.animate(FLOAT, { duration: 1900, delay: ms, iterations: Infinity, direction: "alternate", easing: EASE.soft, composite: "add" });
  }

  /* The middle tiers: a turning halo, a sheen over the plate, sparks that keep rising. */
  function flourish(card, ms) {
    card.halo.animate(
      [
        { opacity: 0, transform: "scale(.3) rotate(0deg)" },
        { opacity: 0.85, transform: "scale(1.08) rotate(20deg)", offset: 0.14, easing: "linear" },
        { opacity: 0.6, transform: "scale(1) rotate(110deg)", offset: 0.86 },
        { opacity: 0, transform: "scale(.6) rotate(130deg)" },
      ],
      { duration: 6500, delay: ms * 0.4, fill: "backwards" },
    );
    const band = document.createElement("i");
    card.sheen.append(band);
    band.animate([{ transform: "translateX(-120%)", opacity: 1 }, { transform: "translateX(320%)", opacity: 1 }], {
      duration: 900, delay: ms, easing: EASE.inout, iterations: 2, endDelay: 1600,
    });
    const [x, y] = centre(card);
    const theme = themeOf(card.show.gift.art, card.palette);
    card.stopFlow = particles.flow({ ...theme, kind: "star", inks: [card.palette.light, "#fff", card.palette.second], x, y, wide: 16, tall: 8, angle: -90, spread: 60, speed: 12, gravity: -4, size: 1.7, life: 1300 }, 16, 2600);
  }

  /* Sparks of the gift's own kind, out of its art. */
  function cheer(card, power) {
    if (!open.has(card.show.key)) return;
    const [x, y] = centre(card);
    const theme = themeOf(card.show.gift.art, card.palette);
    particles.burst({ ...theme, n: 14 * power, x, y, speed: theme.speed * (0.8 + 0.3 * power) });
    if (power > 1.3) particles.burst({ kind: "ring", inks: [card.palette.light], n: 1, x, y, speed: 0, size: 9, vary: 0, grow: 1.7, life: 620, alpha: 0.9 });
  }

  /* Where the art stands, without asking the layout while it moves. */
  function centre(card) {
    const u = unit();
    const { side, laneHeight } = look();
    const x = innerWidth * 0.05 + 8.6 * u;
    return [side === "right" ? innerWidth - x : x, (innerHeight * laneHeight) / 100 - (card.show.lane * LANE + 6.8) * u];
  }

  function burn(card, ms) {
    if (look().calm || card.units < 2 || isCrowd(card.show)) return;
    card.fusing?.cancel();
    card.fusing = card.fuse.animate([{ transform: "scaleX(1)", opacity: 0.95 }, { transform: "scaleX(0)", opacity: 0.95 }], { duration: ms });
  }

  function bumped(card) {
    const { calm } = look();
    if (calm) return;
    const heat = heatOf(card.units);
    const now = clock.now();
    card.count.animate(punch(heat), { duration: 420 });
    if (now - (card.cheered ?? 0) < 140) return; // a flood of bumps looks like one
    card.cheered = now;
    card.art.animate(NOD, { duration: 420, composite: "add" });
    cheer(card, 0.35 + 0.35 * heat);
  }

  return {
    open(show, painted) {
      const card = build(show);
      open.set(show.key, card);
      write(card);
      dress(card);
      tally(card, () => {});
      lanes.append(card.element);
      enter(card);
      burn(card, look().comboMs);
      sound.chime(show.tier, card.units);
      afterPaint(painted);
    },
    bump(show, painted) {
      const card = open.get(show.key);
      if (!card) return;
      const before = card.units;
      write(card);
      dress(card);
      tally(card, () => afterPaint(painted));
      if (card.units > before) {
        bumped(card);
        burn(card, look().comboMs);
        sound.chime(show.tier, card.units);
      }
    },
    close(show, manner) {
      const card = open.get(show.key);
      if (!card) return;
      open.delete(show.key);
      card.tally?.();
      card.stopFlow?.();
      const ms = manner === "cut" ? 140 : 300;
      const gone = card.element.animate(
        manner === "leave" && !look().calm
          ? [{ opacity: 1, transform: "none" }, { opacity: 0, transform: `translateX(${look().way * -7 * unit()}px) scale(.9)` }]
          : FADE_OUT,
        { duration: ms, easing: EASE.in, fill: "forwards" },
      );
      gone.onfinish = () => card.element.remove();
      clock.after(ms + 400, () => card.element.remove());
    },
  };
}
