/* A goal as a ring. */

import { EASE } from "../moves.js";
import { box, number } from "../text.js";
import { cheerWords, FLOW, FLOW_MS, gain, makeWords, POP, writeWords } from "./goal-parts.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 42;
const ROUND = 2 * Math.PI * RADIUS;
const STROKE = 11;
const INKS = ["a", "b", "c"]; // stops whose colours a theme gives

const shape = (name, values) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};
const circle = (name, width, more = {}) => shape("circle", { class: name, cx: 50, cy: 50, r: RADIUS, "stroke-width": width, ...more });
const turned = { transform: "rotate(-90 50 50)", "stroke-dasharray": `${ROUND} ${ROUND}` };
const gap = (share) => String(ROUND * (1 - Math.max(0.0001, share)));

export function createRing({ plan, clock, calm, show }) {
  const { u } = plan;
  const words = makeWords();
  const fill = circle("ring-fill", STROKE, { stroke: "url(#ring-ink)", ...turned });
  const over = circle("ring-over", STROKE, turned);
  const dots = shape("g", {});
  const ink = shape("linearGradient", { id: "ring-ink", x1: 0, y1: 0, x2: 1, y2: 1 });
  ink.append(...INKS.map((name, i) => shape("stop", { offset: i / 2, class: `ring-ink-${name}` })));
  const defs = shape("defs", {});
  defs.append(ink);
  const svg = shape("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" });
  svg.append(defs, circle("ring-edge", STROKE + 1.6), circle("ring-back", STROKE), fill, over, dots);
  const risen = box("goal-gain inked figures");
  const numbers = box("goal-numbers", words.percent, words.now, words.of);
  const element = box("goal-card plate", svg, numbers, box("goal-head", words.name), words.cheer, risen);
  element.dataset.form = "ring";
  let known = null;

  function move(target, from, to, still) {
    target.style.strokeDashoffset = gap(to);
    if (!still && from !== to) target.animate([{ strokeDashoffset: gap(from) }, { strokeDashoffset: gap(to) }], { duration: FLOW_MS, easing: FLOW });
  }

  const angle = (share) => share * 2 * Math.PI - Math.PI / 2;
  const spotOf = (share) => ({ x: (4.5 + 27 * (0.5 + 0.42 * Math.cos(angle(share)))) * u, y: (2.2 + 27 * (0.5 + 0.42 * Math.sin(angle(share)))) * u });

  function place(steps) {
    dots.replaceChildren(
      ...steps.map((step) => {
        const x = 50 + RADIUS * Math.cos(angle(step.share));
        const y = 50 + RADIUS * Math.sin(angle(step.share));
        return shape("circle", { class: step.reached ? "ring-step reached" : "ring-step", cx: x, cy: y, r: 3.6, "stroke-width": 1.2 });
      }),
    );
  }

  return {
    element,
    show(goal, aim, { still }) {
      const quiet = still || calm;
      writeWords(words, goal, aim, { room_px: Infinity, px: 2.6 * u, show, clock, still: quiet });
      words.of.textContent = `of ${number(goal.target)}`;
      const from = known ?? { share: 0, mark: 1 };
      move(fill, from.share, aim.share, quiet);
      move(over, 1 - from.mark, 1 - aim.mark, quiet);
      over.style.display = aim.mark < 1 ? "" : "none";
      place(aim.steps);
      if (known && aim.now > known.now && !quiet) gain(risen, `+${number(aim.now - known.now)}`, 14 * u, 6 * u, u);
      known = { ...aim };
    },
    step(at) {
      const index = known.steps.findIndex((step) => step.at === at);
      if (index < 0) return null;
      const dot = dots.children[index];
      dot.style.transformBox = "fill-box";
      dot.style.transformOrigin = "center";
      if (!calm) dot.animate(POP, { duration: 900, easing: EASE.out });
      return { ...spotOf(known.steps[index].share), wide: 0, tall: 0 };
    },
    reached(text) {
      cheerWords(words, text, calm);
      if (!calm) svg.animate([{ transform: "none" }, { transform: "scale(1.07) rotate(6deg)" }, { transform: "none" }], { duration: 800, easing: EASE.back });
      return { x: 18 * u, y: 15.7 * u, wide: 22, tall: 22 };
    },
  };
}
