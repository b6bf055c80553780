/* What the forms of a goal have in common: its words, and how it moves. */

import { giftUrl, picture } from "../art.js";
import { EASE } from "../moves.js";
import { box, clean, fit, fontOf, label, number, width } from "../text.js";
import { periodWords, unitWord } from "./aims.js";
import { roll } from "./roll.js";

export const FLOW_MS = 1100;
export const FLOW = "cubic-bezier(.22,.9,.3,1)";

export function makeWords() {
  const name = box("goal-name inked");
  const now = document.createElement("span");
  const of = document.createElement("span");
  now.className = "goal-now figures inked";
  of.className = "goal-of figures inked";
  const percent = box("goal-percent figures inked");
  const cheer = label("div", "goal-cheer inked");
  return { name, now, of, percent, cheer, icon: "" };
}

const SMALLEST = 0.68; // of its letters

/* room_px: what the name may take in letters of `px`, a long one in smaller ones; its period follows where it still fits. */
export function writeWords(words, goal, aim, { room_px, px, show, clock, still }) {
  const icon = goal.counts === "viewers" ? 0 : 1.2 * px;
  const whole = clean(goal.name, "Goal");
  const size = px * Math.max(SMALLEST, Math.min(1, (room_px - icon) / width(whole, fontOf(800, px))));
  const text = fit(whole, fontOf(800, size), room_px - icon + 0.5);
  const own = label("bdi", "", text);
  if (size < px) own.style.fontSize = `${size / px}em`;
  const when = periodWords(goal.period);
  const fits = when && width(text, fontOf(800, size)) + width(when, fontOf(650, 0.74 * px)) + 0.6 * px <= room_px - icon;
  words.name.replaceChildren(own, ...(fits ? [Object.assign(document.createElement("small"), { textContent: when })] : []));
  addIcon(words, goal);
  roll(words.now, goal.now, clock, { still });
  words.of.textContent = ` / ${number(goal.target)} ${unitWord(goal, goal.target)}`.trimEnd();
  roll(words.percent, aim.percent, clock, { still, text: (value) => `${number(value)} %` });
  words.now.hidden = words.of.hidden = show === "percent";
  words.percent.hidden = show === "numbers";
}

/* A coin before a goal of coins, the gift before a goal of one gift. */
function addIcon(words, goal) {
  if (goal.counts === "coins") {
    words.name.prepend(Object.assign(document.createElement("i"), { className: "coin" }));
    return;
  }
  if (goal.counts !== "gifts") return;
  const image = Object.assign(new Image(), { className: "goal-icon", alt: "" });
  picture(giftUrl(goal.gift?.art, 96)).then((found) => void (image.src = found.src));
  words.name.prepend(image);
}

/* "Goal reached!" in place of the name, and back. */
export function cheerWords(words, text, calm) {
  words.cheer.textContent = text;
  const times = { duration: 5200, easing: "linear" };
  words.name.animate({ opacity: [1, 0, 0, 1], offset: [0, 0.05, 0.92, 1] }, times);
  words.cheer.animate({ opacity: [0, 1, 1, 0], offset: [0, 0.06, 0.92, 1] }, times);
  if (calm) return;
  words.cheer.animate([{ transform: "scale(.5)" }, { transform: "scale(1.14)", offset: 0.6 }, { transform: "none" }], { duration: 620, easing: EASE.out });
}

/* "+120" comes and fades; x and y: its left end and its middle. */
export function gain(element, text, x, y, u) {
  element.textContent = text;
  element.getAnimations().forEach((each) => each.cancel());
  element.animate(
    [
      { opacity: 0, transform: `translate(${x - 2 * u}px, ${y}px)` },
      { opacity: 1, transform: `translate(${x}px, ${y}px)`, offset: 0.16 },
      { opacity: 1, transform: `translate(${x + 0.6 * u}px, ${y}px)`, offset: 0.75 },
      { opacity: 0, transform: `translate(${x + 2 * u}px, ${y}px)` },
    ],
    { duration: 1900, easing: EASE.out },
  );
}

export const POP = [
  { transform: "scale(1)" },
  { transform: "scale(2.1) rotate(24deg)", offset: 0.35, easing: EASE.soft },
  { transform: "scale(.9)", offset: 0.7, easing: EASE.soft },
  { transform: "scale(1)" },
];
