/* giftcast-widget
{
  "title": "Battle",
  "description": "Two creators or teams compete for gifts: a tug of war with a clock, times that count more, and a winner.",
  "events": ["battle.changed"],
  "settings": {
    "best": {"type": "boolean", "label": "Name who gave most for each side", "default": true},
    "result_s": {"type": "integer", "label": "Seconds that the result stays", "default": 30, "min": 5, "max": 600},
    "at": {"type": "choice", "label": "Stands at", "default": "top", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { giftUrl, picture } from "/static/stage/art.js";
import { Curtain } from "/static/stage/curtain.js";
import { EASE } from "/static/stage/moves.js";
import { battleRoom, leaderOf, momentOf, restOf, seamOf } from "/static/stage/panels/battles.js";
import { leftOf } from "/static/stage/panels/combos.js";
import { createClock, minutes } from "/static/stage/panels/countdown.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { roll } from "/static/stage/panels/roll.js";
import { box, clean, fit, fontOf, label, number, useStyles, width } from "/static/stage/text.js";

const SUDDEN_MS = 30_000;
const SIDES = ["left", "right"];
const INKS = { left: ["#ff4d7e", "#ffb3c8", "#ffffff"], right: ["#3f9bff", "#b6dcff", "#ffffff"], draw: ["#ff4d7e", "#3f9bff", "#ffd75a"] };
const PULL_MS = 900;
const apart = (name) => `\u2068${name}\u2069`; // keeps its own direction within a sentence
const STILL_MS = 83_000; // what the clock of a picture says

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/battle.css");
  let told = null;
  let toldAt = "";
  let plan = null;
  let over = false; // its result has been seen long enough
  let stopRest = null;
  let seam = null;

  const sides = Object.fromEntries(SIDES.map((side) => [side, makeSide(side)]));
  const pull = box("battle-pull", box("battle-left"), box("battle-right"));
  const [leftHalf, rightHalf] = pull.children;
  const knot = box("battle-knot", box("battle-spark"));
  const bar = box("battle-bar track", pull, knot);
  const time = box("battle-time figures");
  const boost = box("battle-boost");
  const cheer = label("div", "battle-cheer");
  const element = box("battle-card plate", bar, time, boost, cheer);
  const curtain = new Curtain(element, clock);
  cheer.dir = "ltr";
  for (const side of SIDES) {
    element.append(sides[side].name, sides[side].points, sides[side].best, sides[side].crown);
    knot.append(sides[side].gain);
  }
  const panel = createPanel({ stage, name: "battle", draw: layOut });
  const countdown = createClock({ clock, element: time, each: tick });
  const boosted = document.createElement("span");
  const boostClock = createClock({ clock, element: boosted });
  element.hidden = true;
  panel.element.append(element);

  function makeSide(side) {
    const made = { crown: box(`battle-crown ${side}`), gain: box(`battle-gain ${side} inked figures`) };
    for (const part of ["name", "points", "best"]) made[part] = label("div", `battle-${part} ${side} inked${part === "points" ? " figures" : ""}`);
    picture(giftUrl("crown", 96)).then((image) => made.crown.append(Object.assign(image.cloneNode(), { alt: "" })));
    made.value = document.createElement("span");
    made.points.append(made.value);
    return made;
  }

  /* ── the clock ─────────────────────────────────────────────────── */

  function tick(left) {
    const sudden = left <= SUDDEN_MS && left > 0;
    element.classList.toggle("sudden", sudden);
    if (!sudden || panel.look().calm) return;
    const from = time.style.transform || "translateX(-50%)";
    time.animate([{ transform: from }, { transform: `${from} scale(1.14)`, offset: 0.25, easing: EASE.out }, { transform: from }], { duration: 520 });
  }

  function runClocks() {
    const on = told.phase === "on";
    const left = on ? leftOf(told.ends_at, toldAt) : 0;
    if (on && Number.isFinite(left)) countdown.run(left);
    else countdown.stop();
    if (!on) element.classList.remove("sudden");
    if (on && !Number.isFinite(left)) time.textContent = minutes(STILL_MS);
    if (told.phase === "counting") time.textContent = "Counting…";
    if (told.phase === "over") time.textContent = told.winner === "draw" ? "Draw" : "Final";
    boost.hidden = !told.boost;
    element.classList.toggle("boosted", Boolean(told.boost));
    boostClock.stop();
    if (!told.boost) return;
    const more = leftOf(told.boost.ends_at, toldAt);
    boosted.textContent = minutes(21_000);
    boostClock.run(more);
    boost.replaceChildren(Object.assign(document.createElement("b"), { textContent: `×${told.boost.times}` }), boosted);
  }

  /* ── what stands there ─────────────────────────────────────────── */

  const nameOf = (side) => clean(told[side].name, side);

  function write(still) {
    const { u, form } = plan;
    const calm = still || panel.look().calm;
    const lead = leaderOf(told);
    const best = form !== "line" && (stage.settings().best ?? true);
    element.dataset.phase = told.phase;
    element.dataset.winner = told.winner ?? "";
    const half = plan.width / 2 - { bar: 14, card: 3, line: 21 }[form] * u;
    const third = form === "bar" ? plan.width / 2 - 12 * u : plan.width - 5 * u;
    for (const side of SIDES) {
      const made = sides[side];
      const crowned = told.winner === side;
      const points = form === "line" ? width(number(told[side].points), fontOf(900, 5 * u)) : 0; // they stand beside the name
      made.name.textContent = fit(nameOf(side), fontOf(850, 3.8 * u), half - points - (crowned ? 5.6 * u : 0));
      roll(made.value, told[side].points, clock, { still: calm });
      made.name.classList.toggle("leads", lead === side);
      made.best.hidden = !best || !told[side].best;
      if (!made.best.hidden) {
        const points = number(told[side].best.points);
        const who = label("bdi", "", fit(clean(told[side].best.name, "someone"), fontOf(750, 2.6 * u), third - width(points, fontOf(800, 2.6 * u)) - 9 * u));
        made.best.replaceChildren(Object.assign(document.createElement("small"), { textContent: "MVP" }), who, Object.assign(document.createElement("b"), { className: "figures", textContent: points }));
      }
      made.crown.hidden = !crowned;
    }
    element.setAttribute("aria-label", `${nameOf("left")} ${number(told.left.points)}, ${nameOf("right")} ${number(told.right.points)}`);
    tug(seamOf(told.left, told.right), calm);
  }

  function tug(to, still) {
    const from = seam ?? to;
    seam = to;
    const long = plan.width - 4.4 * plan.u;
    const moves = [
      [leftHalf, (share) => `translateX(${(share - 1) * 100}%)`],
      [rightHalf, (share) => `translateX(${share * 100}%)`],
      [knot, (share) => `translateX(${share * long}px)`],
    ];
    for (const [part, at] of moves) {
      part.style.transform = at(to);
      if (!still && from !== to) part.animate([{ transform: at(from) }, { transform: at(to) }], { duration: PULL_MS, easing: "cubic-bezier(.3,1.4,.4,1)" });
    }
  }

  const stands = () => told !== null && told.phase !== "idle" && !over;

  function rise(still) {
    const away = { opacity: 0, transform: `translateY(${-6 * plan.u}px) scale(.95)` };
    curtain.set(stands(), away, { calm: panel.look().calm, still });
  }

  /* ── moments ───────────────────────────────────────────────────── */

  function say(text, ms = 2600) {
    cheer.textContent = text;
    cheer.dataset.text = text;
    panel.say(text);
    cheer.getAnimations().forEach((each) => each.cancel());
    const at = "translate(-50%, -50%)";
    const frames = panel.look().calm
      ? [{ opacity: 0 }, { opacity: 1, offset: 0.1 }, { opacity: 1, offset: 0.85 }, { opacity: 0 }]
      : [
          { opacity: 0, transform: `${at} scale(.4)`, easing: EASE.out },
          { opacity: 1, transform: `${at} scale(1.16)`, offset: 0.12, easing: EASE.soft },
          { opacity: 1, transform: at, offset: 0.22 },
          { opacity: 1, transform: at, offset: 0.86 },
          { opacity: 0, transform: `${at} scale(1.05)` },
        ];
    cheer.animate(frames, { duration: ms });
  }

  const barAt = (share) => panel.point(2.2 * plan.u + share * (plan.width - 4.4 * plan.u), { bar: 11, card: 18.4, line: 9.6 }[plan.form] * plan.u);
  const short = (side) => fit(nameOf(side), fontOf(900, 6 * plan.u), plan.width - 34 * plan.u);

  function clash(n) {
    panel.particles.burst({ ...barAt(seam), kind: "star", inks: INKS.draw, n, speed: 46, spread: 360, gravity: 18, drag: 1.9, size: 2.4, spin: 160, life: 900, tall: 6 });
  }

  const ACTS = {
    starts() {
      say("Battle!");
      if (panel.look().calm) return;
      for (const [side, way] of [["left", -1], ["right", 1]]) {
        const from = { opacity: 0, transform: `translateX(${way * 20 * plan.u}px)` };
        for (const part of ["name", "points"]) sides[side][part].animate([from, { opacity: 1, transform: "none" }], { duration: 620, easing: EASE.out });
      }
      clock.after(480, () => clash(30));
    },
    boost() {
      say(`Every coin ×${told.boost.times}!`);
      if (!panel.look().calm) boost.animate([{ transform: "translateX(-50%) scale(.2)" }, { transform: "translateX(-50%) scale(1.3)", offset: 0.5 }, { transform: "translateX(-50%)" }], { duration: 700, easing: EASE.out });
      clash(26);
    },
    lead() {
      const side = leaderOf(told);
      panel.say(`${nameOf(side)} takes the lead`);
      if (panel.look().calm) return;
      sides[side].name.animate([{ transform: "none" }, { transform: "scale(1.16)", offset: 0.3, easing: EASE.soft }, { transform: "none" }], { duration: 800 });
      clash(18);
    },
    over() {
      const { winner } = told;
      say(winner === "draw" ? "A draw!" : `${apart(short(winner))} wins!`, 5200);
      if (panel.look().calm) return;
      const wide = plan.width / plan.u / 2.4;
      const at = barAt(winner === "draw" ? 0.5 : winner === "left" ? 0.22 : 0.78);
      panel.particles.burst({ ...at, wide, tall: 6, kind: "confetti", inks: INKS[winner], n: 90, angle: -90, spread: 130, speed: 50, gravity: 46, drag: 1.3, size: 2.3, flip: 8, spin: 200, life: 2600 });
      if (winner !== "draw")
        sides[winner].crown.animate([{ opacity: 0, transform: "translateY(-160%) rotate(-30deg)" }, { opacity: 1, transform: "translateY(10%) rotate(6deg)", offset: 0.6, easing: EASE.soft }, { opacity: 1, transform: "none" }], { duration: 900, delay: 300, fill: "backwards", easing: EASE.in });
    },
  };

  function gains(before) {
    if (panel.look().calm || !before || before.battle_id !== told.battle_id) return;
    for (const side of SIDES) {
      const more = told[side].points - before[side].points;
      if (more <= 0) continue;
      const { gain } = sides[side];
      const way = side === "left" ? -1 : 1;
      gain.textContent = `+${number(more)}`;
      gain.getAnimations().forEach((each) => each.cancel());
      const at = (x, opacity, offset) => ({ opacity, transform: `translateX(${x * way * plan.u}px)`, ...(offset ? { offset } : {}) });
      gain.animate([at(-2, 0), at(0, 1, 0.14), at(0.6, 1, 0.75), at(2, 0)], { duration: 1700, easing: EASE.out });
    }
  }

  /* ── all of it ─────────────────────────────────────────────────── */

  function layOut(room) {
    plan = battleRoom(room, { scale: panel.look().scale, best: stage.settings().best ?? true });
    panel.fit(room, plan.width, plan.height, plan.u);
    panel.element.dataset.form = plan.form;
    show({ still: true });
  }

  function show({ still }) {
    if (!told || !plan) return;
    rise(still);
    if (told.phase !== "idle") write(still);
  }

  /* The result goes after a while, without a frame that says so. */
  function rest() {
    stopRest?.();
    stopRest = null;
    over = false;
    if (told.phase !== "over") return;
    const left = restOf(told, toldAt, stage.settings().result_s ?? 30);
    over = left <= 0;
    if (!over)
      stopRest = clock.after(left, () => {
        over = true;
        show({ still: false });
      });
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("battle.changed", ({ data, at }) => {
    const before = told;
    told = data;
    toldAt = at;
    rest();
    if (before?.battle_id !== data.battle_id) seam = null;
    show({ still: before === null });
    if (told.phase === "idle") return;
    runClocks();
    if (!curtain.isOpen) return;
    gains(before?.phase === "idle" ? null : before);
    const moment = momentOf(before, data);
    if (moment) ACTS[moment]();
  });
  stage.expose({ state: () => ({ phase: told?.phase ?? null, up: curtain.isOpen, seam, form: plan?.form, sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-battle.js";
