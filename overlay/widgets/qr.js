/* giftcast-widget
{
  "title": "QR card",
  "description": "A card with a QR code of your link that slides in now and then.",
  "events": [],
  "settings": {
    "link": {"type": "text", "label": "Link (http or https)", "default": "", "max": 300, "needed": "https://example.org"},
    "title": {"type": "text", "label": "Title", "default": "Scan me", "max": 40},
    "line": {"type": "text", "label": "Line below it (empty: the link's address; - for none)", "default": "", "max": 80},
    "every_m": {"type": "number", "label": "Minutes from one showing to the next (0: it stays)", "default": 10, "min": 0, "max": 240},
    "show_s": {"type": "integer", "label": "Seconds that it stays", "default": 20, "min": 5, "max": 600},
    "at": {"type": "choice", "label": "Stands at", "default": "bottom-right", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { EASE, FADE_IN, FADE_OUT } from "/static/stage/moves.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { createTurns, faultOf, hostOf, pathOf, QUIET } from "/static/stage/panels/qr.js";
import { cardOf } from "/static/stage/panels/room.js";
import { box, clean, fit, fontOf, label, useStyles } from "/static/stage/text.js";

const SVG = "http://www.w3.org/2000/svg";
const COME_MS = 900;
const GO_MS = 520;
const AGAIN_MS = 30_000; // after giftcast did not answer
const HELP = "Set “link” of this source to show your QR code.";

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/qr.css");
  const panel = createPanel({ stage, name: "qr", draw: layOut });
  const turns = createTurns({ clock, show, hide });
  let plan = null;
  let code = null; // {link, rows} for the link in force
  let problem = ""; // why there is none; said in a demonstration only
  let card = null;
  let stopAsking = null;
  let still = false;

  const demo = () => new URLSearchParams(location.search).has("demo");
  const link = () => String(stage.settings().link ?? "").trim();

  async function ask() {
    stopAsking?.();
    const wanted = link();
    if (!wanted) return use(null, HELP);
    if (faultOf(wanted)) return use(null, faultOf(wanted));
    if (code?.link === wanted) return use(code, "");
    try {
      const answer = await fetch(`/o/qr/modules?link=${encodeURIComponent(wanted)}`);
      const said = await answer.json();
      if (link() !== wanted) return undefined; // set anew meanwhile
      return answer.ok ? use(said, "") : use(null, `${said.error}.`);
    } catch {
      stopAsking = clock.after(AGAIN_MS, ask);
      return undefined;
    }
  }

  function use(found, why) {
    code = found;
    problem = why;
    const set = stage.settings();
    const ready = code !== null || demo(); // on stream a card without a code stays away
    turns.set(ready ? { every_ms: (set.every_m ?? 10) * 60_000, show_ms: (set.show_s ?? 20) * 1000, hold: still } : null);
    panel.redraw();
  }

  function drawing(rows) {
    const svg = document.createElementNS(SVG, "svg");
    const side = rows.length + 2 * QUIET;
    svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
    svg.setAttribute("shape-rendering", "crispEdges"); // no grey seams between modules
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", pathOf(rows));
    path.setAttribute("fill", "#0d0a16");
    svg.append(path);
    return svg;
  }

  function build() {
    const { u } = plan;
    const set = stage.settings();
    const field = box("qr-code");
    if (code) field.append(drawing(code.rows));
    else field.append(label("div", "qr-help", problem));
    const room = plan.shape === "row" ? plan.width - plan.code - 9 * u : plan.width - 6 * u;
    const title = clean(set.title ?? "Scan me");
    const line = clean(set.line) || (code ? hostOf(code.link) : "");
    const words = box("qr-words");
    if (title && title !== "-") words.append(label("div", "qr-title inked", fit(title, fontOf(850, plan.title), room)));
    if (line && line !== "-") words.append(label("div", "qr-line inked", fit(line, fontOf(650, plan.line), room)));
    const element = box("qr-card plate", box("qr-frame", field, box("sheen")), words);
    element.dataset.shape = plan.shape;
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", code ? `QR code: ${code.link}` : problem);
    return element;
  }

  function layOut(room) {
    const set = stage.settings();
    const bare = set.title === "-" && set.line === "-";
    plan = cardOf(room, { scale: panel.look().scale, words: !bare, modules: (code?.rows.length ?? 25) + 2 * QUIET });
    panel.fit(room, plan.width, plan.height, plan.u);
    const { style } = panel.element;
    style.setProperty("--code", `${plan.code}px`);
    style.setProperty("--qr-title", `${plan.title}px`);
    style.setProperty("--qr-line", `${plan.line}px`);
    if (!card) return;
    const fresh = build();
    card.replaceWith(fresh);
    card = fresh;
  }

  /* Whence it slides in: from the nearest edge. */
  function away() {
    const { at } = panel.look();
    const far = 18 * plan.u;
    const x = at.includes("left") ? -far : at.includes("right") ? far : 0;
    const y = x ? 0 : at.includes("top") ? -far : far;
    return `translate(${x}px, ${y}px) scale(.92)`;
  }

  function show(how) {
    card?.remove();
    if (!plan) panel.redraw();
    card = build();
    panel.element.append(card);
    panel.say(card.getAttribute("aria-label"));
    if (how.hold) return;
    if (panel.look().calm) {
      card.animate(FADE_IN, { duration: COME_MS });
      return;
    }
    card.animate({ transform: [away(), "none"], opacity: [0, 1], easing: EASE.out }, { duration: COME_MS });
    const band = document.createElement("i");
    card.querySelector(".sheen").append(band);
    band.animate({ transform: ["translateX(-140%)", "translateX(290%)"], opacity: [1, 1] }, { duration: 900, delay: COME_MS, easing: EASE.inout });
  }

  function hide() {
    if (!card) return;
    const going = card;
    card = null;
    const frames = panel.look().calm ? FADE_OUT : { transform: ["none", away()], opacity: [1, 0], easing: EASE.in };
    going.animate(frames, { duration: GO_MS, fill: "forwards" });
    clock.after(GO_MS, () => going.remove());
  }

  stage.on("welcome", () => ask());
  stage.on("qr.still", () => {
    still = true;
    ask();
  });
  stage.expose({ state: () => ({ shown: card !== null, code: code?.link ?? "", problem, sparks: 0 }) });
}

/* `&link=` in the address shows the code of a link of your own. */
export function demo({ say, still }) {
  if (still) say("qr.still", {});
}
