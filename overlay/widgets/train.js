/* giftcast-widget
{
  "title": "Hype train",
  "description": "Gifts within a short time carry everybody from level to level, until the clock runs out.",
  "events": ["train.changed"],
  "settings": {
    "first_target_coins": {"type": "integer", "label": "Coins for the first level", "default": 500, "min": 1, "max": 1000000},
    "growth": {"type": "number", "label": "Each level asks for so many times the one before", "default": 1.5, "min": 1, "max": 5, "step": 0.05},
    "window_s": {"type": "integer", "label": "Seconds to reach a level", "default": 120, "min": 10, "max": 3600},
    "levels_max": {"type": "integer", "label": "The last level", "default": 5, "min": 1, "max": 20},
    "period": {"type": "choice", "label": "The best train of", "default": "show", "choices": ["show", "today"]},
    "boarding": {"type": "boolean", "label": "Show how much is missing before it sets off", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "bottom", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { Curtain } from "/static/stage/curtain.js";
import { EASE } from "/static/stage/moves.js";
import { leftOf } from "/static/stage/panels/combos.js";
import { createClock } from "/static/stage/panels/countdown.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { roll } from "/static/stage/panels/roll.js";
import { createSlots } from "/static/stage/panels/slots.js";
import { createScene } from "/static/stage/panels/train-scene.js";
import { momentOf, shareOf, titleOf, trainRoom } from "/static/stage/panels/trains.js";
import { box, clean, fit, fontOf, label, number, useStyles, width } from "/static/stage/text.js";

const URGENT_MS = 15_000;
const CHEER_MS = 2600;
const CONFETTI = ["#ff4f9a", "#8f4dff", "#ffb347", "#ffd75a", "#6fd3ff", "#7df0b4"];

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/train.css");
  let told = null;
  let plan = null;

  const title = label("div", "train-title inked");
  const level = box("train-level");
  const now = document.createElement("span");
  const of = document.createElement("span");
  const coins = box("train-coins figures inked", Object.assign(document.createElement("i"), { className: "coin" }), now, of);
  const time = box("train-time figures inked");
  const fuse = box("train-fuse");
  const cheer = label("div", "train-cheer");
  const best = label("div", "train-best inked");
  const scene = createScene({ clock });
  const element = box("train-card plate", box("train-head", level, title, coins, time), scene.element, best, box("train-lit", fuse), cheer);
  const curtain = new Curtain(element, clock);
  const panel = createPanel({ stage, name: "train", draw: layOut });
  const riders = createSlots({ root: element, make: makeRider, write: writeRider, clock });
  const countdown = createClock({ clock, element: time, each: (left) => time.classList.toggle("urgent", left <= URGENT_MS) });
  panel.element.append(element);
  element.hidden = true;
  scene.element.append(box("sheen"));

  function makeRider() {
    const amount = document.createElement("span");
    const given = box("train-rider-coins figures", Object.assign(document.createElement("i"), { className: "coin" }), amount);
    return box("train-rider inked", box("train-rider-rank figures"), label("div", "train-rider-name"), given);
  }

  function writeRider(made, rider) {
    const { u } = plan;
    const sum = number(rider.coins);
    made.dataset.rank = rider.rank;
    made.style.width = `${rider.wide}px`;
    made.querySelector(".train-rider-rank").textContent = rider.rank;
    made.querySelector(".train-rider-name").textContent = fit(clean(rider.name, "someone"), fontOf(750, 2.7 * u), rider.wide - 8.6 * u - width(sum, fontOf(800, 2.6 * u)));
    roll(made.querySelector(".train-rider-coins span"), rider.coins, clock, { still: !curtain.isOpen || panel.look().calm });
  }

  /* Side by side under the bar, below each other in the card. */
  function seats() {
    const { u, form } = plan;
    const shown = form === "line" ? [] : told.contributors.slice(0, 3);
    const wide = form === "bar" ? (plan.rail - (shown.length - 1) * 1.6 * u) / Math.max(1, shown.length) : plan.rail;
    const room = Math.min(wide, 40 * u);
    const riding = shown.map((rider, at) => ({ ...rider, rank: at + 1, wide: room }));
    const at = (index) => (form === "bar" ? { x: 2.2 * u + index * (room + 1.6 * u), y: 19 * u } : { x: 2.5 * u, y: (29.4 + index * 6) * u });
    return { riding, at };
  }

  function layOut(room) {
    plan = trainRoom(room, { scale: panel.look().scale });
    panel.fit(room, plan.width, plan.height, plan.u);
    panel.element.dataset.form = plan.form;
    scene.fit(plan.u, plan.rail);
    show({ still: true });
  }

  const stands = () => told !== null && told.phase !== "idle" && (told.phase !== "boarding" || (stage.settings().boarding ?? true));

  function rise(still) {
    const away = { opacity: 0, transform: `translateY(${6 * plan.u}px) scale(.94)` };
    curtain.set(stands(), away, { calm: panel.look().calm, still });
  }

  function write(still) {
    const { u } = plan;
    const calm = still || panel.look().calm;
    const over = told.phase === "ended";
    element.dataset.phase = told.phase;
    level.replaceChildren("Level ", Object.assign(document.createElement("b"), { textContent: String(told.level) }));
    level.hidden = told.phase !== "riding";
    roll(now, over ? told.coins : told.now, clock, { still: calm });
    of.textContent = over || !told.target ? "" : ` / ${number(told.target)}`;
    time.hidden = told.phase !== "riding";
    const taken = width(`${number(told.now)} / ${number(told.target ?? 0)}`, fontOf(800, 3.4 * u)) + (level.hidden ? 0 : 14 * u) + 16 * u;
    title.textContent = plan.form === "bar" ? fit(titleOf(told), fontOf(850, 3.8 * u), Math.max(14 * u, plan.width - taken)) : titleOf(told);
    const rest = told.riders - told.contributors.length;
    const others = rest > 0 ? `and ${number(rest)} more` : "";
    best.textContent = [others, told.best ? `best: level ${told.best.level}, ${number(told.best.coins)} coins` : ""].filter(Boolean).join(" · ");
    element.setAttribute("aria-label", `${titleOf(told)} level ${told.level}, ${number(told.now)} of ${number(told.target ?? told.now)} coins`);
    const { riding, at } = seats();
    riders.set(riding, at, { still: calm, calm: panel.look().calm, from: { x: 0, y: 3 * u }, to: { x: 0, y: 2 * u } });
  }

  function burn(at) {
    fuse.getAnimations().forEach((each) => each.cancel());
    if (told.phase !== "riding") {
      countdown.stop();
      fuse.style.transform = "scaleX(0)";
      return;
    }
    const left = leftOf(told.ends_at, at);
    if (!Number.isFinite(left)) {
      time.textContent = "1:17";
      fuse.style.transform = "scaleX(.64)";
      return;
    }
    countdown.run(left);
    fuse.style.transform = "scaleX(0)";
    fuse.animate([{ transform: `scaleX(${Math.min(1, left / (told.window_s * 1000))})` }, { transform: "scaleX(0)" }], { duration: Math.max(1, left) });
  }

  function say(text) {
    cheer.textContent = text;
    cheer.dataset.text = text;
    const size = { bar: 8.4, card: 7, line: 7 }[plan.form] * plan.u;
    cheer.style.fontSize = `${size * Math.min(1, (plan.width - 6 * plan.u) / width(text, fontOf(900, size)))}px`;
    panel.say(text);
    cheer.getAnimations().forEach((each) => each.cancel());
    const calm = [{ opacity: 0 }, { opacity: 1, offset: 0.1 }, { opacity: 1, offset: 0.85 }, { opacity: 0 }];
    const fly = [
      { opacity: 0, transform: "translate(-50%, -50%) scale(.4)", easing: EASE.out },
      { opacity: 1, transform: "translate(-50%, -50%) scale(1.16)", offset: 0.14, easing: EASE.soft },
      { opacity: 1, transform: "translate(-50%, -50%)", offset: 0.24 },
      { opacity: 1, transform: "translate(-50%, -50%)", offset: 0.84 },
      { opacity: 0, transform: "translate(-50%, -50%) scale(1.06)" },
    ];
    cheer.animate(panel.look().calm ? calm : fly, { duration: CHEER_MS });
  }

  function puff(n) {
    if (!panel.look().calm) scene.puff(n);
  }

  function celebrate(moment) {
    const calm = panel.look().calm;
    const share = () => shareOf(told);
    if (moment === "level") {
      say(told.target ? `Level ${told.level}!` : `Level ${told.level}, the top!`);
      if (calm) scene.show({ level: told.level, share: share(), still: true });
      else scene.round({ level: told.level, share, done: () => puff(8) });
    } else if (moment === "departs") {
      say(told.level > 1 ? `Off we go: level ${told.level}!` : "Off we go!");
      scene.show({ level: told.level, share: share(), still: calm });
      puff(14);
    } else say(titleOf(told));
    const middle = panel.point(plan.width / 2, plan.height / 2);
    const rain = { ...middle, wide: plan.width / plan.u, tall: 8, kind: "confetti", inks: CONFETTI, angle: -90, spread: 120, speed: 44, gravity: 46, drag: 1.3, size: 2.2, flip: 8, spin: 200, life: 2200 };
    panel.particles.burst({ ...rain, n: moment === "departs" ? 26 : 56 });
  }

  function show({ still, at = "", moment = null }) {
    if (!told || !plan) return;
    rise(still);
    write(still);
    if (at) burn(at);
    if (moment) celebrate(moment);
    else if (curtain.isOpen) scene.show({ level: told.level, share: told.phase === "ended" ? 1 : shareOf(told), still: still || panel.look().calm });
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("train.changed", ({ data, at }) => {
    const before = told;
    told = data;
    const moment = momentOf(before, data);
    const gained = before && data.coins > before.coins && data.phase === before.phase;
    show({ still: before === null, at, moment });
    if (gained && curtain.isOpen && !moment && !panel.look().calm) {
      scene.kick();
      puff(3);
    }
  });
  stage.expose({ state: () => ({ phase: told?.phase ?? null, level: told?.level ?? null, form: plan?.form, sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-train.js";
