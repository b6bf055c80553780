/* giftcast-widget
{
  "title": "Top gifter entrance",
  "description": "A ribbon and a crown when one of the top gifters writes or gives for the first time in the show.",
  "events": ["entrance.changed", "control"],
  "settings": {
    "period": {"type": "choice", "label": "Top gifters of", "default": "month", "choices": ["today", "week", "month", "all", "show"]},
    "places": {"type": "integer", "label": "For the first … places", "default": 3, "min": 1, "max": 3},
    "again_m": {"type": "integer", "label": "Again after so many minutes of silence (0: once a show)", "default": 0, "min": 0, "max": 1440},
    "coins": {"type": "boolean", "label": "Show the coins", "default": true},
    "avatars": {"type": "boolean", "label": "Show their faces", "default": true},
    "volume": {"type": "number", "label": "Sound", "default": 0.5, "min": 0, "max": 1, "step": 0.05},
    "at": {"type": "choice", "label": "Stands at", "default": "top", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { paintFace } from "/static/stage/face.js";
import { EASE, FADE_IN, FADE_OUT } from "/static/stage/moves.js";
import { crown, METALS } from "/static/stage/panels/crown.js";
import { createEntrances, titleOf } from "/static/stage/panels/entrances.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { entranceOf } from "/static/stage/panels/room.js";
import { createSound } from "/static/stage/sound.js";
import { box, clean, fit, fontOf, label, number, useStyles, width } from "/static/stage/text.js";

const HOLD_MS = 3600;
const LEAVE_MS = 520;
const NAME = 6.8; // units
const FACE = 10.6; // with the gap to the name
const AROUND = 22; // units of the panel beside the name
const CROWN = 10; // what the crown of a line takes of the ribbon

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/face.css", "/static/stage/panels/entrance.css");
  const sound = createSound({ clock });
  const panel = createPanel({ stage, name: "entrance", draw: layOut });
  const line = createEntrances({ clock, play });
  let plan = null;
  let shown = null; // the entrance on screen

  function layOut(room) {
    sound.volume(Number(stage.settings().volume ?? 0.5));
    plan = entranceOf(room, panel.look().scale);
    panel.fit(room, plan.width, plan.height, plan.u);
    panel.element.dataset.form = plan.form;
    if (shown) shown.element.replaceWith(Object.assign(shown, build(shown.entrance)).element);
  }

  function build(entrance) {
    const { u, line, form } = plan;
    const most = plan.width / u - AROUND - (form === "line" ? CROWN : 0);
    const longest = `${titleOf(entrance)}${(stage.settings().coins ?? true) && entrance.coins ? ` · ${number(entrance.coins)} coins` : ""}`;
    const titleFont = fontOf(750, line * u);
    const title = form === "narrow" && width(longest, titleFont) > most * u ? titleOf(entrance) : longest;
    const faced = stage.settings().avatars ?? true;
    const beside = faced ? FACE : 0;
    const name = fit(clean(entrance.name, "someone"), fontOf(850, NAME * u), (most - beside) * u);
    const wide = Math.min(most, Math.max(26, width(name, fontOf(850, NAME * u)) / u + beside, width(title, titleFont) / u + 4)) + 8 + (form === "line" ? CROWN : 0);
    const face = box("ribbon-face face");
    if (faced) paintFace(face, { name: entrance.name, avatar: entrance.avatar });
    face.hidden = !faced;
    const band = box("ribbon-band", box("ribbon-edge"), face, label("div", "ribbon-name inked", name), box("sheen"));
    const tails = ["left", "right"].map((side) => box(`ribbon-tail ${side}`));
    const ribbon = box("ribbon", ...tails, box("ribbon-fold left"), box("ribbon-fold right"), band);
    const head = box("ribbon-crown", crown(entrance.rank), label("b", "ribbon-rank figures", String(entrance.rank)));
    const element = box("entrance-card", box("ribbon-halo"), ribbon, label("div", "ribbon-title plate inked figures", fit(title, titleFont, most * u)), head);
    element.style.setProperty("--wide", `${wide * u}px`);
    element.dataset.rank = entrance.rank;
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", `${name}, ${title}`);
    return { entrance, element, crown: form === "line" ? (plan.width - wide * u) / 2 : plan.width / 2 };
  }

  /* Plays one; calls `done` when it has left. */
  function play(entrance, done) {
    if (!plan) panel.redraw();
    shown = build(entrance);
    const mine = shown;
    panel.element.append(mine.element);
    panel.say(mine.element.getAttribute("aria-label"));
    if (entrance.hold) return;
    const { calm } = panel.look();
    if (calm) mine.element.animate(FADE_IN, { duration: 500 });
    else arrive(mine.element, entrance.rank);
    sound.chime(5 - entrance.rank, 1);
    clock.after(HOLD_MS, () => {
      leave(mine.element, calm);
      clock.after(LEAVE_MS, () => {
        mine.element.remove();
        if (shown === mine) shown = null;
        done();
      });
    });
  }

  const from = (frames, ms, delay = 0, more = {}) => [frames, { duration: ms, delay, fill: "backwards", ...more }];

  function arrive(element, rank) {
    const u = panel.unit();
    const find = (name) => element.querySelector(name);
    const move = (name, ...how) => find(name).animate(...from(...how));
    move(".ribbon-halo", { opacity: [0, 1, 0.75], transform: ["scale(.2, .5)", "scale(1.1)", "none"], offset: [0, 0.5, 1] }, 900);
    move(
      ".ribbon",
      [
        { transform: "scale(.02, .05)", opacity: 0, easing: EASE.out },
        { transform: "scale(.08, 1)", opacity: 1, offset: 0.18, easing: EASE.out },
        { transform: "scale(1.06, .97)", opacity: 1, offset: 0.62, easing: EASE.soft },
        { transform: "scale(.985, 1.01)", opacity: 1, offset: 0.82, easing: EASE.soft },
        { transform: "none", opacity: 1 },
      ],
      900,
    );
    for (const [side, way] of [["left", 1], ["right", -1]])
      move(`.ribbon-tail.${side}`, { transform: [`translateX(${way * 9 * u}px) rotate(${way * 16}deg)`, `rotate(${way * -3}deg)`, "none"], offset: [0, 0.7, 1], easing: EASE.soft }, 760, 300);
    move(".ribbon-face", { opacity: [0, 1], transform: ["scale(.3) rotate(-24deg)", "none"], easing: EASE.back }, 520, 360);
    move(".ribbon-name", { opacity: [0, 1], transform: [`translateY(${2.4 * u}px) scale(.9)`, "none"], easing: EASE.out }, 520, 420);
    move(".ribbon-title", { opacity: [0, 1], transform: [`translate(-50%, ${-2.5 * u}px)`, "translate(-50%, 0)"], easing: EASE.back }, 460, 700);
    move(
      ".ribbon-crown",
      [
        { transform: `translate(-50%, ${-16 * u}px) rotate(-24deg) scale(1.5)`, opacity: 0, easing: "cubic-bezier(.5,0,.9,.6)" },
        { transform: `translate(-50%, ${0.9 * u}px) rotate(3deg) scale(1.16, .8)`, opacity: 1, offset: 0.5, easing: EASE.out },
        { transform: `translate(-50%, ${-1.6 * u}px) rotate(-3deg) scale(.96, 1.08)`, opacity: 1, offset: 0.74, easing: EASE.soft },
        { transform: "translate(-50%, 0)", opacity: 1 },
      ],
      820,
      480,
    );
    const sheen = document.createElement("i");
    find(".sheen").append(sheen);
    sheen.animate({ transform: ["translateX(-140%)", "translateX(290%)"], opacity: [1, 1] }, { duration: 1000, delay: 1150, easing: EASE.inout });
    clock.after(890, () => element.isConnected && spark(rank, shown.crown));
  }

  /* Out of the crown, so many px from the left. */
  function spark(rank, left) {
    const u = panel.unit();
    const at = panel.point(left, plan.crown * u);
    const inks = METALS[rank].inks;
    panel.particles.burst({ ...at, inks, kind: "star", n: [0, 40, 26, 20][rank], angle: -90, spread: 300, speed: 60, gravity: 30, drag: 1.8, size: 3, spin: 170, life: 1400 });
    panel.particles.burst({ ...at, inks: [inks[0]], kind: "ring", n: 1, speed: 0, size: 12, vary: 0, grow: 2.4, life: 700 });
    if (rank === 1) panel.particles.burst({ ...at, inks: ["#ff6fa5", "#ffd75a", "#8f6bff", "#6fe3ff"], kind: "confetti", n: 36, wide: 30, speed: 46, spread: 150, gravity: 34, drag: 1.5, size: 2.2, flip: 9, life: 2000 });
    panel.particles.flow({ x: panel.point(plan.width / 2, 0).x, y: at.y + 5 * u, wide: plan.width / u - AROUND, tall: 5, inks, kind: "star", angle: -90, spread: 50, speed: 10, gravity: -5, size: 1.5, life: 1200 }, 18, 1900);
  }

  function leave(element, calm) {
    const ribbon = element.querySelector(".ribbon");
    if (!calm) {
      const u = panel.unit();
      ribbon.animate({ transform: ["none", "scale(1.03, 1)", "scale(.03, .9)"], offset: [0, 0.3, 1], easing: EASE.in }, { duration: LEAVE_MS - 60, fill: "forwards" });
      element.querySelector(".ribbon-crown").animate({ transform: ["translate(-50%, 0)", `translate(-50%, ${-9 * u}px) rotate(14deg)`], easing: EASE.in }, { duration: LEAVE_MS - 60, fill: "forwards" });
    }
    element.animate(FADE_OUT, { duration: LEAVE_MS, easing: "ease-in", fill: "forwards" });
  }

  stage.on("welcome", ({ muted, standby }) => {
    sound.mute(Boolean(muted || standby)); // of two copies one is heard
    panel.redraw();
  });
  stage.on("control", ({ data }) => (data.action === "mute" || data.action === "unmute") && sound.mute(data.action === "mute"));
  stage.on("presence", ({ visible }) => line.pause(!visible));
  stage.on("entrance.changed", (frame) => line.hear(frame));
  stage.expose({ state: () => ({ shown: shown?.entrance.name ?? null, waiting: line.waiting(), sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-entrance.js";
