/* A goal as a bar that lies, or as a pillar that stands. */

import { EASE } from "../moves.js";
import { box, clean, fit, fontOf, label, number, width } from "../text.js";
import { unitWord } from "./aims.js";
import { apart, nearest, shares } from "./labels.js";
import { cheerWords, FLOW, FLOW_MS, gain, makeWords, POP, writeWords } from "./goal-parts.js";

const LABEL_LEAST = 8; // units that a name below the bar has at the least

export function createBar({ form, plan, clock, calm, show }) {
  const lies = form === "bar";
  const { u } = plan;
  const long = lies ? plan.width - 4.4 * u : plan.height - 26.4 * u; // of the track
  const words = makeWords();
  const fill = box("fill");
  const over = box("over");
  const light = box("light");
  const track = box("track", fill, over, light);
  const mark = box("mark");
  const risen = box("goal-gain inked figures");
  const head = box("goal-head", words.name);
  const numbers = box("goal-numbers inked", words.percent, words.now, words.of);
  const element = box("goal-card plate", head, track, mark, words.cheer, risen);
  element.dataset.form = form;
  if (lies) head.append(words.now, words.of, words.percent);
  else element.append(numbers);
  let steps = [];
  let share = null;
  let named = "";

  const along = (part) => (lies ? part : 1 - part) * long;
  const filled = (part) => (lies ? `translateX(${(part - 1) * 100}%)` : `translateY(${(1 - part) * 100}%)`);
  const beyond = (part) => (lies ? `translateX(${part * 100}%)` : `translateY(${-part * 100}%)`);
  const lit = (part) => (lies ? `translateX(${part * long}px)` : `translateY(${-part * long}px)`);
  const placed = (part) => (lies ? `translateX(${along(part)}px)` : `translateY(${along(part)}px)`);

  /* What the name may take: what the numbers leave of the line. */
  function nameRoom(goal) {
    if (!lies) return Infinity;
    const said = show === "percent" ? "" : `${number(goal.now)} / ${number(goal.target)} ${unitWord(goal, goal.target)}`.trimEnd();
    const taken = width(said, fontOf(850, 3.5 * u)) + (show === "numbers" ? 0 : width("100 %", fontOf(900, 3.85 * u)));
    return Math.max(12 * u, plan.width - 4.4 * u - taken - 5.4 * u);
  }

  function move(target, frames, still) {
    target.style.transform = frames[1].transform;
    if (!still && frames[0].transform !== frames[1].transform) target.animate(frames, { duration: FLOW_MS, easing: FLOW });
  }

  /* The steps are made anew when the goal's own change; then they only move and light up. */
  function place(aim, still) {
    const names = aim.steps.map((step) => `${step.at} ${step.name}`).join("\n");
    if (names !== named) {
      for (const step of steps) step.dot.remove(), step.name.remove();
      steps = aim.steps.map((step) => {
        const dot = box("step", document.createElement("i"));
        const name = label("div", "step-name inked");
        element.append(dot, name);
        return { dot, name, was: null, text: clean(step.name) };
      });
      named = names;
    }
    aim.steps.forEach((step, at) => {
      const { dot, name, was } = steps[at];
      for (const each of [dot, name]) each.classList.toggle("reached", step.reached);
      Object.assign(dot.style, { left: `${lies ? 2.2 * u + along(step.share) : 5.5 * u}px`, top: `${lies ? 8.8 * u : 11 * u + along(step.share)}px` });
      steps[at].was = was ?? step.reached;
      if (still) steps[at].was = step.reached;
    });
    if (lies) nameAlong(aim);
    else nameBeside(aim);
  }

  /* Below the bar: close ones move apart; if they are too long together they are written smaller, then cut. */
  function nameAlong(aim) {
    const room = { from: 2.2 * u, to: plan.width - 2.2 * u, gap: 1.6 * u };
    const most = Math.floor((room.to - room.from + room.gap) / (LABEL_LEAST * u + room.gap));
    const named = nearest(aim.steps.map((step) => step.share), aim.share, most);
    const free = room.to - room.from - (named.size - 1) * room.gap;
    const all = aim.steps.map((step, at) => ({ ...steps[at], middle: 2.2 * u + along(step.share) }));
    for (const { name } of all) name.textContent = "";
    const shown = all.filter((_, at) => named.has(at));
    const sum = shown.reduce((taken, { text }) => taken + width(text, fontOf(700, 2.5 * u)), 0);
    const px = Math.max(2 * u, Math.min(2.5 * u, (2.5 * u * free) / Math.max(1, sum)));
    const font = fontOf(700, px);
    const rooms = shares(shown.map(({ text }) => width(text, font) + 0.5), free);
    const labels = shown.map(({ text, name, middle }, at) => {
      name.style.fontSize = `${px}px`;
      name.textContent = fit(text, font, rooms[at]);
      return { middle, long: Math.min(rooms[at], width(name.textContent, font) + 0.5) };
    });
    apart(labels, room).forEach((left, at) => void (shown[at].name.style.left = `${left}px`));
  }

  /* Beside the pillar, from its top; a long name takes two lines. */
  function nameBeside(aim) {
    const line = 2.2 * 1.2 * u;
    const room = { from: 10 * u, to: 12 * u + long, gap: 0.5 * u };
    const named = nearest(aim.steps.map((step) => step.share), aim.share, Math.floor((room.to - room.from + room.gap) / (2 * line + room.gap)));
    const shown = steps.map((step, at) => ({ ...step, at })).filter(({ at }) => named.has(at)).reverse();
    for (const { name } of steps) name.textContent = "";
    const labels = shown.map(({ text, at }) => ({
      middle: 11 * u + along(aim.steps[at].share),
      long: line * (width(text, fontOf(700, 2.2 * u)) <= plan.width - 10.4 * u ? 1 : 2),
    }));
    apart(labels, room).forEach((top, at) => {
      const { name, text } = shown[at];
      name.textContent = text;
      name.style.top = `${top + labels[at].long / 2}px`;
    });
  }

  return {
    element,
    show(goal, aim, { still }) {
      const quiet = still || calm;
      writeWords(words, goal, aim, { room_px: nameRoom(goal), px: 3.5 * u, show, clock, still: quiet });
      const from = share ?? { share: 0, mark: 1 };
      move(fill, [{ transform: filled(from.share) }, { transform: filled(aim.share) }], quiet);
      move(over, [{ transform: beyond(from.mark) }, { transform: beyond(aim.mark) }], quiet);
      move(light, [{ transform: lit(from.share) }, { transform: lit(aim.share) }], quiet);
      move(mark, [{ transform: placed(from.mark) }, { transform: placed(aim.mark) }], quiet);
      over.hidden = aim.mark >= 1;
      light.hidden = aim.share <= 0 || aim.share >= 1;
      mark.hidden = aim.mark >= 1;
      place(aim, still);
      if (share && aim.now > share.now && !quiet) {
        const text = `+${number(aim.now - share.now)}`;
        const wide = width(text, fontOf(850, 2.9 * u));
        const beside = along(aim.share) + 4.4 * u + wide < long ? along(aim.share) + 4.4 * u : along(aim.share) - wide - 1.5 * u;
        gain(risen, text, lies ? 2.2 * u + beside - 1.2 * u : 9.6 * u, lies ? 6.95 * u : 11 * u + along(aim.share) - 1.9 * u, u);
      }
      share = { ...aim };
    },
    /* A step was passed. Returns where, in the card. */
    step(at) {
      const index = share.steps.findIndex((step) => step.at === at);
      if (index < 0) return null;
      const { dot, name } = steps[index];
      if (!calm) dot.animate(POP, { duration: 900, easing: EASE.out });
      name.animate([{ opacity: 0.2 }, { opacity: 1 }], { duration: 500, iterations: 3, direction: "alternate" });
      return { x: parseFloat(dot.style.left), y: parseFloat(dot.style.top), wide: 0, tall: 0 };
    },
    reached(text) {
      cheerWords(words, text, calm);
      if (!calm) track.animate([{ transform: "none" }, { transform: `scale${lies ? "Y" : "X"}(1.3)` }, { transform: "none" }], { duration: 700, easing: EASE.back });
      return lies ? { x: plan.width / 2, y: 8.8 * u, wide: plan.width / u, tall: 2 } : { x: 5.5 * u, y: 11 * u + long / 2, wide: 3, tall: long / u };
    },
  };
}
