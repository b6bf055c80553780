/* The train on its rail: an engine with a wagon for each level that was reached, as far along as its coins. */

import { layerUrl, picture } from "../art.js";
import { EASE } from "../moves.js";
import { box } from "../text.js";

const ENGINE = 10.6; // units wide
const WAGON = 7.4;
const CHIMNEY = 5; // units from the nose back to the left of a puff
const WAGONS_MAX = 8;
const ROLL_MS = 1100;
const ROLL = "cubic-bezier(.3,.9,.3,1)";
const LEAVE_MS = 900;
const ENTER_MS = 1300;
const PUFFS_MAX = 30; // in the air at once
const PUFF_MS = 1300;
const PUFF_GAP_MS = 60;

export function createScene({ clock }) {
  const engine = box("train-engine");
  picture(layerUrl("train", "engine")).then((image) => engine.append(Object.assign(image.cloneNode(), { alt: "" })));
  const train = box("train-set", engine);
  const fill = box("train-fill");
  const smoke = box("train-smoke");
  const element = box("train-scene track", smoke, box("train-rail", fill), train);
  let u = 8;
  let rail = 100;
  let at = null; // px of the engine's nose
  let wagons = 0;
  let stop = null;

  const nose = (share) => ENGINE * u + share * (rail - ENGINE * u - 1.2 * u);
  const moved = (x) => `translateX(${x - ENGINE * u}px)`;
  const filled = (x) => `translateX(${x - rail}px)`;

  function couple(level) {
    wagons = Math.min(WAGONS_MAX, level);
    const first = level - wagons;
    train.replaceChildren(
      engine,
      ...Array.from({ length: wagons }, (_, index) => {
        const wagon = box("train-wagon", Object.assign(document.createElement("b"), { textContent: String(level - index) }));
        wagon.dataset.hue = String((first + wagons - index - 1) % 6);
        wagon.style.right = `${(ENGINE + WAGON * index + 0.2) * u}px`;
        return wagon;
      }),
    );
  }

  function go(from, to, ms, easing) {
    train.style.transform = moved(to);
    fill.style.transform = filled(to);
    at = to;
    if (!ms || from === to) return;
    train.getAnimations().forEach((each) => each.cancel());
    fill.getAnimations().forEach((each) => each.cancel());
    train.animate([{ transform: moved(from) }, { transform: moved(to) }], { duration: ms, easing });
    fill.animate([{ transform: filled(from) }, { transform: filled(to) }], { duration: ms, easing });
  }

  return {
    element,
    /* Laid out anew: px of a unit and of the rail. */
    fit(px, long) {
      u = px;
      rail = long;
      stop?.();
      stop = null;
      at = null;
    },
    show({ level, share, still }) {
      const to = nose(share);
      if (still || at === null) {
        couple(level);
        go(to, to, 0);
        return;
      }
      if (stop) return; // on its way round: it goes there afterwards
      if (level !== wagons) couple(level);
      go(at, to, ROLL_MS, ROLL);
    },
    /* It drives out on the right, and comes in again on the left with one wagon more. */
    round({ level, share, done }) {
      stop?.();
      const away = rail + (WAGON * wagons + ENGINE) * u;
      go(at ?? 0, away, LEAVE_MS, EASE.in);
      stop = clock.after(LEAVE_MS, () => {
        stop = null;
        couple(level);
        go(-0.5 * u, nose(share()), ENTER_MS, EASE.out);
        done();
      });
    },
    /* Steam out of the chimney. It stays in the picture, or words would be lost in it. */
    puff(n) {
      for (let i = 0; i < n && smoke.childElementCount < PUFFS_MAX; i += 1) {
        const puff = box("train-puff");
        puff.style.left = `${(at ?? 0) - CHIMNEY * u}px`;
        const [x, y] = [-(4 + 9 * Math.random()) * u, -(0.4 + 1.8 * Math.random()) * u];
        const drift = [
          { opacity: 0, transform: "scale(.3)" },
          { opacity: 0.8, transform: `translate(${x * 0.3}px, ${y * 0.6}px) scale(.8)`, offset: 0.2 },
          { opacity: 0, transform: `translate(${x}px, ${y}px) scale(1.6)` },
        ];
        const duration = PUFF_MS * (0.8 + 0.5 * Math.random());
        smoke.append(puff);
        puff.animate(drift, { duration, delay: PUFF_GAP_MS * i, easing: "ease-out", fill: "backwards" });
        clock.after(PUFF_GAP_MS * i + duration, () => puff.remove());
      }
    },
    kick() {
      engine.animate(
        [{ transform: "scaleX(-1)" }, { transform: "scaleX(-1) translateY(-6%) rotate(3deg)", offset: 0.35, easing: EASE.soft }, { transform: "scaleX(-1) translateY(1%) rotate(-1deg)", offset: 0.7, easing: EASE.soft }, { transform: "scaleX(-1)" }],
        { duration: 460 },
      );
    },
  };
}
