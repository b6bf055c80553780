/* Beside a film or a tray: the cards step back while one is there, so that they do not lie over it, nor under the caption of
   a film. */

import { edgeOf, LANE } from "./lanes.js";
import { FADE_IN } from "./moves.js";
import { box } from "./text.js";

const SIZE = 0.75; // of a hundredth of the shorter side: how large a card's unit may be beside a film
const READABLE = 4; // px: and how small, for its words to be read
const SAFE = 0.05; // of the shorter side, at every edge
const FOOT = 3.4; // units that the lowest card needs below its lane
const HEAD = 2.1; // and the uppermost above its own
const CAPTION = 21.5; // units of a film: how high its caption is, see hero.css
const UNDER = { wide: 0.07, tall: 0.1 }; // of the height: below it
const BACK_MS = 900; // they come back when nothing else follows so soon
const GO = "transform .6s cubic-bezier(.3, 0, .2, 1)";

/* `size` of what they are, about the lower corner on their side, and `rise` in pixels. In a high source films play above
   the cards, and only the caption counts. */
export function besideFilm({ width, height, scale, laneHeight, lanes }) {
  const short = Math.min(width, height);
  const unit = (short / 100) * scale;
  const tall = height > width;
  const caption = height * (1 - (tall ? UNDER.tall : UNDER.wide)) - (CAPTION * short * Math.min(1.15, scale)) / 100;
  const fits = (caption - short * SAFE) / ((HEAD + lanes * LANE + FOOT) * unit);
  const wanted = tall ? 1 : Math.max((SIZE * short) / 100, READABLE) / unit;
  const size = Math.min(1, wanted, fits);
  return { size, rise: Math.max(0, (height * laneHeight) / 100 + FOOT * unit * size - caption) };
}

/* A tray is as large as it is with cards of the house's size, and leaves room for them. */
const besideTray = ({ scale }) => ({ size: Math.min(1, 1 / scale), rise: 0 });
const SMALLER = { film: besideFilm, tray: besideTray };

export function createBeside({ clock, particles, unit, look }) {
  const element = box("layer");
  const there = new Set(); // film, tray
  let place = null; // while they stand back
  let stands = "none"; // how the element is moved
  let stopBack = null;

  function placed() {
    const now = look();
    const edge = edgeOf(innerWidth, innerHeight, unit());
    const at = { x: now.side === "right" ? innerWidth - edge : edge, y: (innerHeight * now.laneHeight) / 100 };
    const ways = [...there].map((what) => SMALLER[what]({ width: innerWidth, height: innerHeight, ...now }));
    return { ...at, size: Math.min(...ways.map((way) => way.size)), rise: Math.max(...ways.map((way) => way.rise)) };
  }

  function move(to) {
    place = to;
    const next = to && (to.size < 1 || to.rise > 0) ? `translateY(${-to.rise}px) scale(${to.size})` : "none";
    if (next === stands) return;
    stands = next;
    const { calm } = look();
    const { style } = element;
    style.transition = calm ? "none" : GO;
    if (to) style.transformOrigin = `${to.x}px ${to.y}px`;
    style.transform = next;
    if (calm && element.textContent) element.animate(FADE_IN, { duration: 400, easing: "ease-out" });
  }

  /* What flies from a card flies from where it stands. */
  const from = (spray) => (place ? { ...spray, x: place.x + (spray.x - place.x) * place.size, y: place.y - place.rise + (spray.y - place.y) * place.size } : spray);

  return {
    /* Where the cards are. */
    element,
    particles: {
      ...particles,
      burst: (spray) => particles.burst(from(spray)),
      flow: (spray, ...more) => particles.flow(from(spray), ...more),
    },
    /* A film or a tray comes. */
    steps(what) {
      stopBack?.();
      stopBack = null;
      if (there.has(what)) return;
      there.add(what);
      move(placed());
    },
    /* It is gone. */
    returns(what) {
      if (!there.delete(what)) return;
      if (there.size) move(placed());
      else stopBack = clock.after(BACK_MS, () => move(null));
    },
    /* The source or its settings have changed. */
    fit() {
      if (place && there.size) move(placed());
    },
  };
}
