/* giftcast-widget
{
  "title": "Goal",
  "description": "A goal from goals.json that fills with gifts: a bar, a ring or a pillar, by the shape of its source.",
  "events": ["goal.changed"],
  "settings": {
    "goal": {"type": "text", "label": "Goal (its id in goals.json; empty: all in turn)", "default": "", "max": 32},
    "turn_s": {"type": "integer", "label": "Seconds for each when several take turns", "default": 15, "min": 4, "max": 300},
    "numbers": {"type": "choice", "label": "Show", "default": "both", "choices": ["both", "numbers", "percent"]},
    "moments": {"type": "boolean", "label": "Celebrate when a step or the goal is reached", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "top", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { FADE_IN, FADE_OUT, takeAway } from "/static/stage/moves.js";
import { aimOf, passed } from "/static/stage/panels/aims.js";
import { createBar } from "/static/stage/panels/goal-bar.js";
import { createRing } from "/static/stage/panels/goal-ring.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { goalRoom } from "/static/stage/panels/room.js";
import { clean, useStyles } from "/static/stage/text.js";

const STALE_MS = 3000;
const CONFETTI = ["#ff4f9a", "#8f4dff", "#ffb347", "#ffd75a", "#6fd3ff", "#7df0b4"];
const GOLD = ["#fff6cf", "#ffd75a", "#ffb52e"];

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/goal.css");
  const goals = new Map(); // goal id → what the server said last
  let stale = new Set(); // not told again since the last connection
  let card = null; // { id, form, view }
  let room = null;
  let stopTurn = null;

  const panel = createPanel({
    stage,
    name: "goal",
    draw(now) {
      room = now;
      replace(card?.id, { still: true });
    },
  });

  const listed = () => [...goals.values()].sort((a, b) => a.place - b.place);

  /* Those that this source shows: the one that is asked for, or all. */
  function mine() {
    const asked = clean(stage.settings().goal);
    return listed().filter((goal) => !asked || goal.goal_id === asked);
  }

  function replace(id, { still = false } = {}) {
    const goal = goals.get(id) ?? mine()[0];
    const old = card;
    card = null;
    if (goal && room && mine().includes(goal)) card = made(goal);
    swap(old, card, still);
    takeTurns();
  }

  function made(goal) {
    const { calm, scale } = panel.look();
    const plan = goalRoom(room, { steps: goal.segments.length > 0, scale });
    panel.fit(room, plan.width, plan.height, plan.u);
    const how = { form: plan.form, plan, clock, calm, show: stage.settings().numbers ?? "both" };
    const view = plan.form === "ring" ? createRing(how) : createBar(how);
    view.show(goal, { ...aimOf(goal), now: goal.now }, { still: true });
    return { id: goal.goal_id, view };
  }

  function swap(old, now, still) {
    if (now) panel.element.append(now.view.element);
    if (!old) return;
    if (still) {
      takeAway(old.view.element);
      return;
    }
    now?.view.element.animate(FADE_IN, { duration: 500 });
    const going = old.view.element.animate(FADE_OUT, { duration: 500, fill: "forwards" });
    going.onfinish = () => takeAway(old.view.element);
    clock.after(800, () => takeAway(old.view.element));
  }

  /* With more than one, the next comes after a while; with one, no timer runs. */
  function takeTurns() {
    const several = mine().length > 1 && card;
    if (!several) {
      stopTurn?.();
      stopTurn = null;
      return;
    }
    stopTurn ??= clock.after(1000 * Math.max(4, stage.settings().turn_s ?? 15), () => {
      stopTurn = null;
      const all = mine();
      const at = all.findIndex((goal) => goal.goal_id === card?.id);
      replace(all[(at + 1) % all.length]?.goal_id);
    });
  }

  function change(goal) {
    const before = goals.get(goal.goal_id);
    goals.set(goal.goal_id, goal);
    const moments = mine().includes(goal) && (stage.settings().moments ?? true) ? passed(before, goal) : [];
    const remade = !before || before.segments.length !== goal.segments.length || before.place !== goal.place;
    if (!card || (remade && card.id === goal.goal_id)) replace(card?.id ?? mine()[0]?.goal_id, { still: !before });
    else if (card.id !== goal.goal_id && moments.length) {
      stopTurn?.();
      stopTurn = null;
      goals.set(goal.goal_id, before);
      replace(goal.goal_id); // what is worth a moment is seen
      goals.set(goal.goal_id, goal);
      card?.view.show(goal, { ...aimOf(goal), now: goal.now }, { still: false });
    } else if (card.id === goal.goal_id) card.view.show(goal, { ...aimOf(goal), now: goal.now }, { still: false });
    takeTurns();
    if (card?.id === goal.goal_id) clock.after(panel.look().calm ? 0 : 620, () => moments.forEach((moment) => celebrate(goal, moment)));
  }

  function celebrate(goal, moment) {
    if (card?.id !== goal.goal_id) return;
    const words = moment.kind === "goal" ? "Goal reached!" : clean(moment.name);
    panel.say(`${clean(goal.name, "Goal")}: ${words}`);
    const place = moment.kind === "goal" ? card.view.reached("Goal reached!") : card.view.step(moment.at);
    if (!place) return;
    const at = panel.point(place.x, place.y);
    if (moment.kind === "step") {
      panel.particles.burst({ ...at, kind: "star", inks: GOLD, n: 16, speed: 40, spread: 360, gravity: 14, drag: 2, size: 3, spin: 160, life: 1000 });
      return;
    }
    const rain = { ...at, wide: place.wide, tall: place.tall, kind: "confetti", inks: CONFETTI, gravity: 46, drag: 1.3, size: 2.6, flip: 8, spin: 200, life: 2400 };
    panel.particles.burst({ ...rain, n: 60, angle: -90, spread: 130, speed: 62 });
    panel.particles.burst({ ...at, wide: place.wide, tall: place.tall, kind: "star", inks: GOLD, n: 20, speed: 30, spread: 360, gravity: 8, drag: 2, size: 3.4, life: 1400 });
  }

  function drop(id) {
    goals.delete(id);
    if (card?.id === id) replace(null);
    takeTurns();
  }

  stage.on("welcome", (message, first) => {
    if (first) {
      stale = new Set(goals.keys());
      clock.after(STALE_MS, () => stale.forEach(drop)); // taken out while we were away
    }
    panel.redraw();
  });
  stage.on("goal.changed", ({ data }) => {
    stale.delete(data.goal_id);
    if (data.gone) drop(data.goal_id);
    else change(data);
  });
  stage.expose({ state: () => ({ goals: goals.size, shown: card?.id ?? null, now: goals.get(card?.id)?.now ?? null, sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-goal.js";
