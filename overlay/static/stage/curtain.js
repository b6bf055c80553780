/* Curtain: a scene stands on the screen or does not, and comes and goes in one motion. */

import { EASE, FADE_IN, FADE_OUT } from "./moves.js";

const COME_MS = 620;
const GO_MS = 520;
const GONE_MS = 900; // by then it is gone, also on a page whose motions stand still

export class Curtain {
  #element;
  #clock;
  isOpen = false;

  constructor(element, clock) {
    this.#element = element;
    this.#clock = clock;
  }

  /* away: how it looks where it is not, as a frame. still: without any motion. */
  set(open, away, { calm, still }) {
    if (open === this.isOpen) return;
    this.isOpen = open;
    const element = this.#element;
    const there = { opacity: 1, transform: "none" };
    element.getAnimations().forEach((each) => each.cancel());
    element.hidden = still && !open;
    if (still) return;
    if (open) return void element.animate(calm ? FADE_IN : [away, there], { duration: COME_MS, easing: EASE.out });
    const going = element.animate(calm ? FADE_OUT : [there, away], { duration: GO_MS, easing: EASE.in, fill: "forwards" });
    const gone = () => {
      if (this.isOpen) return;
      element.hidden = true;
      going.cancel();
    };
    going.onfinish = gone;
    this.#clock.after(GONE_MS, gone);
  }
}
