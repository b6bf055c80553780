/* Cards: the gifts in the lanes. A card comes in, counts up while its combo runs, and goes. A theme may lay them out
   anew (layout.js); one that is on the screen keeps the layout it came with. */

import { DEFAULT_PALETTE, ownArt, paletteOf } from "./art.js";
import { createFlair, heatOf, rankOf } from "./flair.js";
import { paintFace } from "./face.js";
import { LANE, wordsRoom } from "./lanes.js";
import { layOut } from "./layout.js";
import { EASE, FADE_OUT, takeAway } from "./moves.js";
import { afterPaint } from "./paint.js";
import { endAll, portray } from "./players.js";
import { sampleLines, shrink, unshrunk } from "./sample.js";
import { faceOf, giftsOf, isCrowd, unitsOf } from "./show.js";
import { box, fit, fontOf, label } from "./text.js";
import { counter, deed, lineOf, message, names, spoken } from "./words.js";

const CROWD_ROOM = 19; // letters for several names
const TALLY_STEPS = 6;
const TALLY_MS = 42;

export function createCards({ root, unit, clock, particles, sound, look, layout = () => null }) {
  const lanes = box("lanes");
  root.append(lanes);
  const open = new Map(); // show key → card
  const flair = createFlair({ unit, clock, particles, look });

  /* The house's own layout. */
  function house() {
    const face = box("face card-face");
    const name = label("div", "card-name");
    const lead = document.createTextNode("");
    const gift = document.createElement("bdi");
    const line = box("card-deed", lead, gift);
    const words = label("div", "card-message");
    const fuse = box("card-fuse");
    const sheen = box("card-sheen");
    const back = box("card-back");
    const who = box("card-who", face, name);
    const text = box("card-text", who, line, words);
    const plate = box("card-plate", back, box("deco deco-a"), sheen, text, fuse, box("deco deco-b"));
    const art = box("card-art");
    const halo = box("card-halo");
    const count = label("div", "card-count");
    const element = box("card", halo, art, plate, count);
    return { element, face, name, lead, gift, words, fuse, sheen, back, text, plate, art, halo, count };
  }

  function build(show, tree) {
    const made = tree ? layOut(tree) : house();
    const { element, plate } = made;
    if (show.encore) plate.append(label("div", "again", "Replay"));
    element.dataset.kind = show.kind;
    element.setAttribute("role", "img");
    element.style.bottom = `calc(var(--u) * ${show.lane * LANE})`;
    return {
      ...made,
      show,
      tree,
      palette: DEFAULT_PALETTE,
      units: 0,
      tally: null,
      shown: "",
    };
  }

  const room = () => wordsRoom(innerWidth, unit());

  const nameFont = () => fontOf(800, 4 * unit());
  const wordsFont = () => fontOf(500, 2.7 * unit());
  const put = (element, text) => void (element.textContent === text || (element.textContent = text));

  /* What a theme's places say is read in whole, however much room other parts take by now. */
  function snug(card) {
    if (!card.tree) return;
    shrink(card.name);
    if (card.show.page) shrink(card.words);
    else unshrunk(card.words); // a message ends in "…"
  }

  function write(card) {
    const { show } = card;
    card.face.hidden = !look().faces;
    if (look().faces) paintFace(card.face, faceOf(show));
    const [first, more = []] = show.page?.lines ?? [[names(show, CROWD_ROOM)]];
    const paged = card.tree && show.page; // then the names were chosen by what its places hold
    put(card.name, paged ? first.join(", ") : fit(first.join(", "), nameFont(), room()));
    const what = deed(show);
    put(card.lead, `${what.lead} `);
    put(card.gift, what.gift);
    const said = look().messages ? message(show) : "";
    const words = more.join(", ") || said;
    card.element.dataset.tier = rankOf(show);
    if (words || !show.page) card.element.classList.toggle("told", Boolean(words)); // a last page of few is no reason to shrink
    put(card.words, paged ? words : words && fit(words, wordsFont(), room()));
    snug(card);
    card.element.setAttribute("aria-label", spoken(show));
  }

  function dress(card) {
    const shown = giftsOf(card.show)
      .slice(0, card.show.mixed ? 3 : 1)
      .map((each) => each.gift.art);
    if (card.shown === shown.join()) return;
    card.shown = shown.join();
    const names = card.shown;
    Promise.all(shown.map((art) => portray(art, 256, { still: look().calm }))).then((faces) => {
      if (card.gone || card.shown !== names) {
        for (const each of faces) each.ends?.();
        return;
      }
      endAll(card.art);
      card.art.replaceChildren(...faces);
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
    const before = card.count.textContent;
    card.count.textContent = text;
    card.count.dataset.text = text;
    card.element.dataset.heat = isCrowd(card.show) ? "1" : String(heatOf(units));
    if (text.length !== before.length) snug(card);
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

  /* A card of the same show with nothing in it that matters but its measures. */
  function sample(show, tree) {
    const card = build(show, tree);
    const what = deed(show);
    card.face.hidden = !look().faces;
    card.lead.textContent = `${what.lead} `;
    card.gift.textContent = what.gift;
    card.element.dataset.tier = rankOf(show);
    setCount(card, counter(show), unitsOf(show));
    return card;
  }

  function leave(card) {
    endAll(card.art);
    takeAway(card.element);
  }

  return {
    /* A page of names: beside the face, and on the line below. */
    lines(show, names) {
      const shown = open.get(show.key);
      const tree = shown ? shown.tree : layout();
      if (tree) return sampleLines(sample(show, tree), lanes, names);
      const first = lineOf(names, nameFont(), room());
      return [first, lineOf(names.slice(first.length), wordsFont(), room())];
    },
    open(show, painted, appears) {
      appears();
      const card = build(show, layout());
      open.set(show.key, card);
      lanes.append(card.element);
      write(card);
      dress(card);
      tally(card, () => {});
      flair.enter(card);
      flair.burn(card, look().comboMs);
      const own = ownArt(show.gift.art)?.sound;
      if (own) sound.play(own, { film: false });
      else sound.chime(show.tier, card.units);
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
        flair.bumped(card);
        flair.burn(card, look().comboMs);
        const own = ownArt(show.gift.art)?.sound;
        if (own) sound.again(own);
        else sound.chime(show.tier, card.units);
      }
    },
    /* What it says has changed, and nothing else. */
    write(show) {
      const card = open.get(show.key);
      if (card) write(card);
    },
    close(show, manner) {
      const card = open.get(show.key);
      if (!card) return;
      open.delete(show.key);
      card.gone = true;
      card.tally?.();
      card.stopFlow?.();
      const ms = manner === "cut" ? 140 : 300;
      const gone = card.element.animate(
        manner === "leave" && !look().calm
          ? [
              { opacity: 1, transform: "none" },
              { opacity: 0, transform: `translateX(${look().way * -7 * unit()}px) scale(.9)` },
            ]
          : FADE_OUT,
        { duration: ms, easing: EASE.in, fill: "forwards" },
      );
      gone.onfinish = () => leave(card);
      clock.after(ms + 400, () => leave(card));
    },
  };
}
