/* Flair: how a card moves and what flies from it. The card itself is made and counted in cards.js. */

import { edgeOf, LANE } from "./lanes.js";
import { EASE, ENTRIES, FADE_IN, FLOAT, NOD, punch } from "./moves.js";
import { isCrowd } from "./show.js";
import { themeOf } from "./themes.js";

const ART = 6.8; // half of the art

/* How richly a card comes in, tier by tier: `power` of its own sparks, and how many stars, rings and pieces of confetti
   come with them, and sparks a second after. Size and rim are the style sheet's. */
const RICHES = [
  { power: 1, stars: 0, rings: 0, confetti: 0, rate: 0 },
  { power: 1.15, stars: 8, rings: 0, confetti: 0, rate: 0 },
  { power: 1.6, stars: 8, rings: 1, confetti: 0, rate: 16 },
  { power: 1.75, stars: 12, rings: 2, confetti: 20, rate: 22 },
  { power: 1.85, stars: 15, rings: 2, confetti: 30, rate: 26 },
  { power: 1.95, stars: 18, rings: 3, confetti: 38, rate: 30 },
  { power: 2.05, stars: 21, rings: 3, confetti: 46, rate: 34 },
];
const SCENE_FROM = 3;
const RING_GAP_MS = 170;
const OPENS_MS = 520; // until a plate is there

/* 1 … 7: the tier that a card looks like. Its build was chosen when it came, and a crowd's tier may rise later. */
export function rankOf(show) {
  const tier = Math.min(RICHES.length, Math.max(1, Math.floor(show.tier) || 1));
  return show.kind === "scene" ? Math.max(SCENE_FROM, tier) : Math.min(SCENE_FROM - 1, tier);
}

/* 0 … 4: how hot a count is. */
export const heatOf = (units) => (units >= 100 ? 4 : units >= 50 ? 3 : units >= 10 ? 2 : units >= 2 ? 1 : 0);

export function createFlair({ unit, clock, particles, look }) {
  function enter(card) {
    const { calm, way } = look();
    card.enteredAt = clock.now();
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
    card.text.animate(
      [
        { opacity: 0, transform: `translateX(${way * -3 * u}px)` },
        { opacity: 1, transform: "none" },
      ],
      {
        duration: 420,
        delay: ms * 0.3,
        easing: EASE.out,
        fill: "backwards",
      },
    );
    card.count.animate(
      [
        { transform: "scale(0)", opacity: 0 },
        { transform: "none", opacity: 1 },
      ],
      {
        duration: 380,
        delay: ms * 0.42,
        easing: EASE.back,
        fill: "backwards",
      },
    );
    const rich = RICHES[rankOf(card.show) - 1];
    clock.after(ms * (theme.entry === "drop" ? 0.4 : 0.5), () => welcome(card, rich));
    if (scene) flourish(card, ms, rich);
    else if (rich.stars) glow(card, ms);
    card.art.animate(FLOAT, {
      duration: 1900,
      delay: ms,
      iterations: Infinity,
      direction: "alternate",
      easing: EASE.soft,
      composite: "add",
    });
  }

  /* Light behind the art, once and softly. */
  function glow(card, ms) {
    card.halo.animate(
      [
        { opacity: 0, transform: "scale(.5)" },
        { opacity: 0.5, transform: "none", offset: 0.3, easing: EASE.soft },
        { opacity: 0, transform: "scale(.9)" },
      ],
      { duration: 2600, delay: ms * 0.4, fill: "backwards" },
    );
  }

  /* The middle tiers: a turning halo, a sheen over the plate, sparks that keep rising. */
  function flourish(card, ms, { rate }) {
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
    band.animate(
      [
        { transform: "translateX(-120%)", opacity: 1 },
        { transform: "translateX(320%)", opacity: 1 },
      ],
      {
        duration: 900,
        delay: ms,
        easing: EASE.inout,
        iterations: 2,
        endDelay: 1600,
      },
    );
    const [x, y] = centre(card);
    const theme = themeOf(card.show.gift.art, card.palette);
    card.stopFlow = particles.flow(
      {
        ...theme,
        kind: "star",
        inks: [card.palette.light, "#fff", card.palette.second],
        x,
        y,
        wide: 16,
        tall: 8,
        angle: -90,
        spread: 60,
        speed: 12,
        gravity: -4,
        size: 1.7,
        life: 1300,
      },
      rate,
      2600,
    );
  }

  /* Sparks of the gift's own kind, out of its art. */
  function cheer(card, power) {
    if (card.gone) return;
    const [x, y] = centre(card);
    const theme = themeOf(card.show.gift.art, card.palette);
    particles.burst({ ...theme, n: 14 * power, x, y, speed: theme.speed * (0.8 + 0.3 * power) });
    if (power > 1.3) ring(card, 0);
  }

  function ring(card, i) {
    if (card.gone) return;
    const [x, y] = centre(card);
    const inks = [i % 2 ? card.palette.second : card.palette.light];
    const size = 9 + 2.5 * i;
    particles.burst({ kind: "ring", inks, n: 1, x, y, speed: 0, size, vary: 0, grow: 1.7, life: 620, alpha: 0.9 });
  }

  /* What flies as a card comes in. */
  function welcome(card, { power, stars, rings, confetti }) {
    if (card.gone) return;
    cheer(card, power);
    const [x, y] = centre(card);
    const { light, second, main } = card.palette;
    const from = { x, y, spin: 200 };
    if (stars) particles.burst({ ...from, kind: "star", inks: [light, "#fff", second], n: stars, speed: 40, drag: 2.4, gravity: 8, size: 2.2, life: 900 });
    if (confetti) {
      const inks = [main, second, light, "#fff"];
      particles.burst({ ...from, kind: "confetti", inks, n: confetti, spread: 220, speed: 52, drag: 1.7, gravity: 34, size: 2.3, life: 1800, flip: 9 });
    }
    for (let i = 1; i < rings; i += 1) clock.after(i * RING_GAP_MS, () => ring(card, i));
  }

  /* Where the art stands, without asking the layout while it moves. */
  function centre(card) {
    if (card.spot) return card.spot();
    const u = unit();
    const { side, laneHeight } = look();
    const x = edgeOf(innerWidth, innerHeight, u) + ART * u;
    return [side === "right" ? innerWidth - x : x, (innerHeight * laneHeight) / 100 - (card.show.lane * LANE + ART) * u];
  }

  /* The time that is left to add to a combo, as a line that burns down; at first with the plate, which has to be there. */
  function burn(card, ms) {
    if (look().calm || card.units < 2 || isCrowd(card.show)) return;
    const opens = Math.min(0.5, Math.max(0, card.enteredAt + OPENS_MS - clock.now()) / ms);
    card.fusing?.cancel();
    card.fusing = card.fuse.animate(
      [
        { transform: "scaleX(1)", opacity: opens ? 0 : 0.95 },
        ...(opens ? [{ transform: `scaleX(${1 - opens})`, opacity: 0, offset: opens }] : []),
        ...(opens ? [{ transform: `scaleX(${1 - opens * 1.2})`, opacity: 0.95, offset: opens * 1.2 }] : []),
        { transform: "scaleX(0)", opacity: 0.95 },
      ],
      { duration: ms },
    );
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

  return { enter, bumped, burn };
}
