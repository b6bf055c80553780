/* giftcast-widget
{
  "title": "Vase",
  "description": "A glass jar that fills with the gifts themselves; when it is full, it is emptied with a flourish and counted.",
  "events": ["vase.changed"],
  "settings": {
    "period": {"type": "choice", "label": "Gifts of", "default": "show", "choices": ["show", "today"]},
    "capacity": {"type": "integer", "label": "Room for so many small gifts", "default": 80, "min": 40, "max": 300},
    "label": {"type": "choice", "label": "Say below it", "default": "percent", "choices": ["percent", "gifts", "none"]},
    "at": {"type": "choice", "label": "Stands at", "default": "bottom-right", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { EASE } from "/static/stage/moves.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { roll } from "/static/stage/panels/roll.js";
import { glassBefore, glassBehind } from "/static/stage/panels/vase-glass.js";
import { createScene } from "/static/stage/panels/vase-scene.js";
import { createPile, HEAD, JAR, piecesOf, vaseRoom } from "/static/stage/panels/vases.js";
import { box, label, number, useStyles } from "/static/stage/text.js";

const CONFETTI = ["#ff4f9a", "#8f4dff", "#ffb347", "#ffd75a", "#6fd3ff", "#7df0b4"];
const CLINK_MS = 120; // glass that rings more often looks like trembling

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/vase.css");
  let told = null;
  let plan = null;
  let emptying = null; // calls off what follows the emptying
  let rung = 0;

  const pile = createPile();
  const scene = createScene({ clock, landed: ring });
  const behind = glassBehind();
  const before = glassBefore();
  const jar = box("vase-jar", behind, before);
  const value = document.createElement("b");
  const what = document.createElement("small");
  const tag = box("vase-tag figures", Object.assign(document.createElement("span"), { textContent: "" }));
  const words = box("vase-label plate inked figures", value, what);
  const cheer = label("div", "vase-cheer", "Full!");
  cheer.dataset.text = "Full!";
  const panel = createPanel({ stage, name: "vase", draw: layOut });
  jar.insertBefore(scene.element, before);
  panel.element.append(jar, words, tag, cheer);
  panel.element.setAttribute("role", "img");

  function layOut(room) {
    plan = vaseRoom(room, { scale: panel.look().scale });
    panel.fit(room, plan.width, plan.height, plan.u);
    panel.element.style.setProperty("--j", `${plan.j}px`);
    panel.element.style.setProperty("--least", `${plan.least}px`);
    panel.element.dataset.form = plan.form;
    scene.fit(plan.j, JAR.width * plan.j, (HEAD + JAR.height) * plan.j);
    show("still");
  }

  function write(still) {
    const how = stage.settings().label ?? "percent";
    const calm = still || panel.look().calm;
    words.hidden = how === "none";
    if (how === "gifts") roll(value, told.count, clock, { still: calm });
    else roll(value, Math.min(100, Math.floor(told.fill / 10)), clock, { still: calm, text: (share) => `${number(share)} %` });
    what.textContent = how === "gifts" ? (told.count === 1 ? "gift" : "gifts") : "full";
    tag.hidden = told.full === 0;
    tag.firstChild.textContent = `×${number(told.full)}`;
    panel.element.setAttribute("aria-label", `Vase: ${number(told.count)} gifts; ${number(told.full)} filled before`);
  }

  function show(how) {
    if (!told || !plan) return;
    write(how === "still");
    scene.set(pile.lay(piecesOf(told)), how);
  }

  /* The glass answers to what falls in. */
  function ring() {
    const now = clock.now();
    if (now - rung < CLINK_MS || panel.look().calm) return;
    rung = now;
    const tip = (degrees) => ({ transform: `rotate(${degrees}deg)` });
    jar.animate([tip(0), tip(0.7), tip(-0.5), tip(0)], { duration: 260, easing: EASE.soft });
  }

  /* It was filled: what is in it flies out, and the next one begins. */
  function celebrate() {
    const { calm } = panel.look();
    const times = { duration: 2600 };
    const at = "translate(-50%, -50%)";
    panel.say(`The vase is full; that makes ${number(told.full)}`);
    if (calm) cheer.animate({ opacity: [0, 1, 1, 0], offset: [0, 0.12, 0.85, 1] }, times);
    else
      cheer.animate(
        [
          { opacity: 0, transform: `${at} scale(.3) rotate(-8deg)`, easing: EASE.out },
          { opacity: 1, transform: `${at} scale(1.2) rotate(-4deg)`, offset: 0.14, easing: EASE.soft },
          { opacity: 1, transform: `${at} rotate(-4deg)`, offset: 0.24 },
          { opacity: 1, transform: `${at} rotate(-4deg)`, offset: 0.84 },
          { opacity: 0, transform: `${at} scale(1.06) rotate(-4deg)` },
        ],
        times,
      );
    const ms = scene.empty(calm);
    emptying?.();
    emptying = clock.after(ms * 0.72, () => {
      emptying = null;
      show(calm ? "appear" : "fall");
      if (!calm) tag.animate([{ transform: "rotate(8deg)" }, { transform: "rotate(-14deg) scale(1.5)", offset: 0.35, easing: EASE.soft }, { transform: "rotate(8deg)" }], { duration: 900 });
    });
    if (calm) return;
    const mouth = panel.point(50 * plan.j, (HEAD + 10) * plan.j);
    const tip = (degrees) => ({ transform: `rotate(${degrees}deg)` });
    jar.animate([tip(0), tip(-2.4), tip(2.2), tip(-1.6), tip(1), tip(0)], { duration: 900, easing: EASE.soft });
    clock.after(300, () => {
      panel.particles.burst({ ...mouth, wide: 14, kind: "confetti", inks: CONFETTI, n: 70, angle: -90, spread: 70, speed: 74, gravity: 52, drag: 1.3, size: 2.6, flip: 8, spin: 200, life: 2400 });
      panel.particles.burst({ ...mouth, wide: 10, kind: "star", inks: ["#fff3c2", "#ffd75a", "#ffffff"], n: 24, angle: -90, spread: 90, speed: 60, gravity: 24, drag: 1.5, size: 2.8, spin: 160, life: 1500 });
    });
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("vase.changed", ({ data }) => {
    const was = told;
    told = data;
    const fresh = !was || was.vase_id !== data.vase_id;
    if (!fresh && plan && data.full > was.full) celebrate();
    else if (emptying && plan) write(false);
    else show(fresh ? "still" : panel.look().calm ? "appear" : "fall");
  });
  stage.expose({
    state: () => ({ pieces: scene.count(), full: told?.full ?? null, form: plan?.form, sparks: panel.particles.alive() + (scene.moving() ? 1 : 0) }),
  });
}

export { default as demo } from "/static/stage/panels/demo-vase.js";
