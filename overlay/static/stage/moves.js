/* Moves: the short motions of cards, as data for element.animate(). Lengths in em of the unit are given by the caller. */

export const EASE = {
  out: "cubic-bezier(.16,1,.3,1)",
  back: "cubic-bezier(.34,1.56,.64,1)",
  in: "cubic-bezier(.55,0,.85,.36)",
  inout: "cubic-bezier(.65,0,.35,1)",
  soft: "cubic-bezier(.37,0,.63,1)",
};

const at = (x, y, turn, sx, sy = sx) => `translate(${x}px, ${y}px) rotate(${turn}deg) scale(${sx}, ${sy})`;

/* How art comes in. `u` is the unit in px, `way` is 1 from the left and -1 from the right. */
export const ENTRIES = {
  drop: (u, way) => [
    { transform: at(way * -3 * u, -34 * u, way * -24, 0.8), opacity: 0, easing: "cubic-bezier(.5,0,.9,.6)" },
    { transform: at(way * -1 * u, -20 * u, way * -14, 0.92, 1.1), opacity: 1, offset: 0.22, easing: "cubic-bezier(.45,0,.9,.5)" },
    { transform: at(0, 1.4 * u, 0, 1.22, 0.74), opacity: 1, offset: 0.46, easing: EASE.out },
    { transform: at(0, -3 * u, 4, 0.92, 1.12), opacity: 1, offset: 0.66, easing: EASE.soft },
    { transform: at(0, 0.3 * u, 0, 1.06, 0.95), opacity: 1, offset: 0.84, easing: EASE.soft },
    { transform: at(0, 0, 0, 1), opacity: 1 },
  ],
  toss: (u, way) => [
    { transform: at(way * -26 * u, 10 * u, way * -300, 0.5), opacity: 0, easing: "cubic-bezier(.2,.7,.5,1)" },
    { transform: at(way * -13 * u, -13 * u, way * -170, 0.9), opacity: 1, offset: 0.3, easing: "cubic-bezier(.5,0,.8,.5)" },
    { transform: at(way * 1.2 * u, 0.8 * u, way * 16, 1.14, 0.88), opacity: 1, offset: 0.58, easing: EASE.out },
    { transform: at(0, -1.4 * u, way * -7, 0.97, 1.05), opacity: 1, offset: 0.78, easing: EASE.soft },
    { transform: at(0, 0, 0, 1), opacity: 1 },
  ],
  bloom: (u) => [
    { transform: at(0, 3 * u, -80, 0.05), opacity: 0, easing: EASE.out },
    { transform: at(0, -1.6 * u, 14, 1.24, 1.24), opacity: 1, offset: 0.5, easing: EASE.soft },
    { transform: at(0, 0.3 * u, -5, 0.94, 0.97), opacity: 1, offset: 0.74, easing: EASE.soft },
    { transform: at(0, 0, 0, 1), opacity: 1 },
  ],
  flutter: (u, way) => [
    { transform: at(way * -18 * u, -22 * u, way * 24, 0.4, 0.5), opacity: 0, easing: EASE.soft },
    { transform: at(way * -4 * u, -18 * u, way * -16, 0.5, 0.9), opacity: 1, offset: 0.22, easing: EASE.soft },
    { transform: at(way * -9 * u, -9 * u, way * 14, 1, 0.95), opacity: 1, offset: 0.44, easing: EASE.soft },
    { transform: at(way * 1.5 * u, -6 * u, way * -9, 0.62, 1), opacity: 1, offset: 0.66, easing: EASE.soft },
    { transform: at(0, 0.4 * u, way * 4, 1.06, 0.98), opacity: 1, offset: 0.86, easing: EASE.soft },
    { transform: at(0, 0, 0, 1), opacity: 1 },
  ],
  beat: (u) => [
    { transform: at(0, 0, 0, 0.1), opacity: 0, easing: EASE.out },
    { transform: at(0, -0.6 * u, 0, 1.34), opacity: 1, offset: 0.34, easing: EASE.soft },
    { transform: at(0, 0, 0, 0.9), opacity: 1, offset: 0.52, easing: EASE.soft },
    { transform: at(0, -0.4 * u, 0, 1.18), opacity: 1, offset: 0.7, easing: EASE.soft },
    { transform: at(0, 0, 0, 1), opacity: 1 },
  ],
};

export const NOD = [
  { transform: "none" },
  { transform: "translateY(-9%) rotate(-7deg) scale(1.13)", offset: 0.3, easing: EASE.soft },
  { transform: "translateY(2%) rotate(4deg) scale(.96)", offset: 0.62, easing: EASE.soft },
  { transform: "none" },
];

export const FLOAT = [{ transform: "translateY(0) rotate(-2deg)" }, { transform: "translateY(-4.5%) rotate(2.4deg)" }];

/* The counter's spring; `power` grows with the heat. */
export const punch = (power) => [
  { transform: `scale(${1.25 + 0.28 * power}) rotate(${-4 - 3 * power}deg)`, easing: EASE.out },
  { transform: `scale(.9) rotate(${1 + power}deg)`, offset: 0.42, easing: EASE.soft },
  { transform: "scale(1.06)", offset: 0.7, easing: EASE.soft },
  { transform: "none" },
];

export const FADE_IN = [{ opacity: 0 }, { opacity: 1 }];
export const FADE_OUT = [{ opacity: 1 }, { opacity: 0 }];

/* Takes an element off the page with all its motions: one that never ends would keep it in memory for ever. */
export function takeAway(element) {
  for (const motion of element.getAnimations({ subtree: true })) motion.cancel();
  element.remove();
}
