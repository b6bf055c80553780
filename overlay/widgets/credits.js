/* giftcast-widget
{
  "title": "End credits",
  "description": "Everybody who gave in the show, the biggest first: top givers, biggest gift, longest combo, gifts most sent, thanks.",
  "events": ["credits.changed"],
  "settings": {
    "title": {"type": "text", "label": "Title", "default": "Thank you", "max": 40},
    "closing": {"type": "text", "label": "Last words", "default": "See you next time", "max": 80},
    "names": {"type": "integer", "label": "Names at most", "default": 100, "min": 3, "max": 200},
    "speed": {"type": "number", "label": "Speed", "default": 1, "min": 0.3, "max": 4, "step": 0.1},
    "coins": {"type": "boolean", "label": "Show coins", "default": true},
    "auto": {"type": "boolean", "label": "Roll by themselves when the show ends", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "middle", "choices": ["left", "middle", "right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: pages that fade instead of a roll", "default": false}
  }
}
*/

import { FADE_IN, FADE_OUT } from "/static/stage/moves.js";
import { createCue, partsOf, timesOf } from "/static/stage/panels/credits.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { buildPart, mend } from "/static/stage/panels/credits-parts.js";
import { creditsOf } from "/static/stage/panels/room.js";
import { box, useStyles } from "/static/stage/text.js";

const FADE_MS = 700;
const UNITS_A_S = 7.5; // how far the roll goes in a second at speed 1
const PAGE_MS = 5_000; // a page of the calm credits

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/credits.css");
  const panel = createPanel({ stage, name: "credits", draw: layOut });
  let plan = null;
  let data = null; // what the server said last
  let rolling = null; // {slate, roll, watch, off, began, hold}
  const cue = createCue({ begin: play, end: () => stop() });

  const speed = () => Math.min(4, Math.max(0.3, Number(stage.settings().speed) || 1));

  function layOut(room) {
    plan = creditsOf(room, { scale: panel.look().scale, rolls: !panel.look().calm });
    panel.fit(room, plan.width, plan.height, plan.u);
    if (!rolling) return;
    const passed = clock.date() - rolling.began;
    const { hold } = rolling;
    clear();
    play({ passed, hold });
  }

  function build() {
    const set = stage.settings();
    const look = { u: plan.u, width: plan.width, coins: set.coins ?? true };
    const words = { title: set.title ?? "Thank you", closing: set.closing ?? "See you next time", names: set.names ?? 100 };
    const roll = box("credits-roll", ...partsOf(data, words).map((part) => buildPart(part, look)));
    const slate = box("credits-slate plate", roll, box("credits-veil top"), box("credits-veil bottom"));
    slate.setAttribute("role", "img");
    describe(slate);
    return { slate, roll, look };
  }

  const describe = (slate) => slate.setAttribute("aria-label", `Credits: ${data.givers.slice(0, 10).map((giver) => giver.name).join(", ")}`);

  /* passed: ms since they began; they go on from there. hold: stands still at that share, for pictures. */
  function play({ passed = 0, hold = null }) {
    if (!plan) panel.redraw();
    clear();
    const { slate, roll, look } = build();
    panel.element.append(slate);
    const height = roll.offsetHeight;
    const watch = new ResizeObserver(() => Math.abs(roll.offsetHeight - height) > 1 && rolling?.roll === roll && panel.redraw());
    watch.observe(roll); // fonts and styles may come after the first credits
    rolling = { slate, roll, look, watch, off: null, began: clock.date() - passed, hold };
    const { calm } = panel.look();
    if (calm) return turnPages(passed, hold);
    const { distance, ms } = timesOf({ height, room: plan.height, unit: plan.u, speed: speed(), pace: UNITS_A_S });
    const at = (y) => `translateY(${y}px)`;
    if (hold !== null) {
      roll.style.transform = at(plan.height - distance * hold);
      return undefined;
    }
    if (passed >= ms) return clear();
    panel.say(slate.getAttribute("aria-label"));
    if (passed < FADE_MS) slate.animate(FADE_IN, { duration: FADE_MS });
    const moving = roll.animate({ transform: [at(plan.height), at(plan.height - distance)] }, { duration: ms, fill: "forwards" });
    moving.currentTime = passed;
    rolling.off = clock.after(ms - passed, () => stop());
    cheer(passed);
    return undefined;
  }

  /* Calm: one part after the other, where it stands. */
  function turnPages(passed, hold) {
    const parts = [...rolling.roll.children];
    rolling.roll.classList.add("paged");
    const page_ms = PAGE_MS / speed();
    const mine = rolling;
    if (hold === null && passed >= parts.length * page_ms) return clear();
    const show = (turn) => {
      if (rolling !== mine) return;
      if (turn >= parts.length) {
        stop();
        return;
      }
      parts.forEach((part, at) => (part.hidden = at !== turn));
      if (hold !== null) return;
      parts[turn].animate(FADE_IN, { duration: FADE_MS });
      mine.off = clock.after(page_ms, () => show(turn + 1));
    };
    show(hold === null ? Math.floor(passed / page_ms) : Math.round(hold * (parts.length - 1)));
    return undefined;
  }

  function cheer(passed) {
    if (passed > 2_000) return;
    const { x, y } = panel.point(plan.width / 2, plan.height);
    const spray = { x, y, wide: plan.width / plan.u, kind: "heart", inks: ["#ff5d8f", "#ff9fc0", "#ffd75a"], angle: -90, spread: 40, speed: 26, gravity: -3, drag: 0.5, size: 2.4, sway: 0.8, life: 3400 };
    panel.particles.flow(spray, 9, 5_000);
  }

  function clear() {
    rolling?.off?.();
    rolling?.watch.disconnect();
    rolling?.slate.remove();
    rolling = null;
  }

  function stop() {
    if (!rolling) return;
    const { slate, off, watch } = rolling;
    off?.();
    watch.disconnect();
    rolling = null;
    panel.particles.clear();
    slate.animate(FADE_OUT, { duration: FADE_MS, fill: "forwards" });
    clock.after(FADE_MS, () => slate.remove());
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("credits.changed", (frame) => {
    data = frame.data;
    if (rolling) {
      mend(rolling.roll, data, rolling.look);
      describe(rolling.slate);
    }
    cue.hear(frame, stage.settings().auto ?? true);
  });
  stage.expose({ state: () => ({ rolling: rolling !== null, sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-credits.js";
