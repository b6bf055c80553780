/* The ovation: how a cheer looks. A small glass pill with a cut gem, in the colour of its size, and sparks from the gem. */

import { EASE, FADE_IN, FADE_OUT, takeAway } from "./moves.js";
import { box, clean, fit, fontOf, label, number } from "./text.js";
import { nameOf } from "./words.js";

/* From so many Bits on: gem, light. The colours are those that Twitch gives them. */
const SIZES = [
  [10_000, "#f43021", "#ffb3a8"],
  [5_000, "#0099fe", "#a8dcff"],
  [1_000, "#1db2a5", "#a9f2ea"],
  [100, "#9c3ee8", "#dfb8ff"],
  [1, "#979797", "#f0f0f4"],
];
const NAME_ROOM = 34; // units of width
const MESSAGE_ROOM = 46;

export const rankOf = (bits) => SIZES.length - 1 - SIZES.findIndex(([from]) => bits >= from);

export function createOvation({ root, unit, clock, particles, sound, look }) {
  const stand = box("cheers");
  root.append(stand);
  const open = new Map(); // cheer → its element

  function build(cheer) {
    const [, ink, light] = SIZES.find(([from]) => cheer.bits >= from);
    const u = unit();
    const who = cheer.viewer === null ? "Somebody" : nameOf(cheer.viewer);
    const name = label("bdi", "cheer-name", fit(who, fontOf(800, 3.3 * u), NAME_ROOM * u));
    const line = box("cheer-line", name, label("span", "cheer-verb", "cheered"), label("span", "cheer-bits", number(cheer.bits)));
    const said = look().messages ? clean(cheer.message) : "";
    const words = label("div", "cheer-message", said ? fit(said, fontOf(500, 2.5 * u), MESSAGE_ROOM * u) : "");
    const gem = box("cheer-gem", box("cheer-facet"));
    const element = box("cheer", gem, box("cheer-plate", line, words));
    element.style.setProperty("--gem", ink);
    element.style.setProperty("--gem-light", light);
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", spokenCheer(cheer));
    return { element, gem, ink, light };
  }

  function enter({ element, gem, ink, light }, rank) {
    if (look().calm) {
      element.animate(FADE_IN, { duration: 500, easing: "ease-out" });
      return;
    }
    const u = unit();
    const rise = [
      { opacity: 0, transform: `translateY(${-5 * u}px) scale(.8)` },
      { opacity: 1, transform: "none" },
    ];
    element.animate(rise, { duration: 620, easing: EASE.back });
    const turn = [{ transform: "rotateY(-220deg) scale(.4)" }, { transform: "rotateY(12deg) scale(1.14)", offset: 0.7 }, { transform: "none" }];
    gem.animate(turn, { duration: 900, easing: EASE.out });
    clock.after(260, () => shine(element, gem, rank, [ink, light, "#fff"]));
  }

  /* The more, the richer; but never so that it hides a gift. Where the gem stands is asked of the layout, which knows
     nothing of its motion. */
  function shine(element, gem, rank, inks) {
    if (!gem.isConnected) return;
    const at = stand.getBoundingClientRect();
    const x = at.left + element.offsetLeft + gem.offsetLeft + gem.offsetWidth / 2;
    const y = at.top + element.offsetTop + gem.offsetTop + gem.offsetHeight / 2;
    const spray = { x, y, inks, gravity: 22, spin: 200 };
    particles.burst({ ...spray, kind: "star", n: 10 + 9 * rank, speed: 26 + 6 * rank, size: 2, life: 1000 });
    if (rank >= 1) particles.burst({ ...spray, kind: "ring", n: 1, speed: 0, size: 6, vary: 0, grow: 2.2, life: 620, gravity: 0 });
    if (rank >= 2) particles.burst({ ...spray, kind: "confetti", n: 14 * rank, speed: 40, drag: 1.6, size: 2.2, life: 1700, flip: 9 });
  }

  return {
    open(cheer) {
      const card = build(cheer);
      const rank = rankOf(cheer.bits);
      open.set(cheer, card.element);
      stand.append(card.element);
      enter(card, rank);
      sound.chime(1 + Math.min(2, rank), 1);
    },
    close(cheer, manner) {
      const element = open.get(cheer);
      open.delete(cheer);
      if (!element) return;
      const gone = element.animate(FADE_OUT, { duration: manner === "cut" ? 140 : 320, easing: EASE.in, fill: "forwards" });
      gone.onfinish = () => takeAway(element);
      clock.after(700, () => takeAway(element));
    },
  };
}

/* What a screen reader hears. */
export function spokenCheer(cheer) {
  const who = cheer.viewer === null ? "Somebody" : nameOf(cheer.viewer);
  const said = clean(cheer.message);
  return `${who} cheered ${number(cheer.bits)} Bits${said ? `: ${said}` : ""}`;
}
