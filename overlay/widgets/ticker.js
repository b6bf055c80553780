/* giftcast-widget
{
  "title": "Recent gifts",
  "description": "The gifts that were shown last, newest first; what one viewer sends in a row counts up in one place.",
  "events": ["recent.changed"],
  "settings": {
    "rows": {"type": "integer", "label": "Gifts at once (fewer when there is no room)", "default": 5, "min": 1, "max": 12},
    "at": {"type": "choice", "label": "Stands at", "default": "bottom-left", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { giftUrl, paletteOf, picture } from "/static/stage/art.js";
import { EASE, ENTRIES, punch } from "/static/stage/moves.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { merged } from "/static/stage/panels/recent.js";
import { GAPS, tickerOf } from "/static/stage/panels/room.js";
import { createSlots } from "/static/stage/panels/slots.js";
import { box, clean, fit, fontOf, label, number, trim, useStyles, width } from "/static/stage/text.js";
import { giftName } from "/static/stage/words.js";

const NAME = 3.7;
const DEED = 2.9;
const COUNT = 4.4;
const FRAME = 15; // units of a row that are no text: art, gaps, padding

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/ticker.css");
  let gifts = null; // what the server said last
  let plan = null;

  const panel = createPanel({ stage, name: "ticker", draw: layOut });
  const slots = createSlots({ root: panel.element, make, write, clock });

  function make(entry) {
    const art = box("sent-art");
    const deed = box("sent-deed inked");
    const words = box("sent-words", label("div", "sent-name inked"), deed);
    const row = box("sent", box("sent-plate plate"), box("sent-tint"), art, words, box("sent-count figures inked"));
    picture(giftUrl(entry.gift.art, 96)).then((image) => art.append(Object.assign(image.cloneNode(), { alt: "" })));
    paletteOf(entry.gift.art).then((palette) => {
      row.style.setProperty("--accent", palette.main);
      row.style.setProperty("--accent-light", palette.light);
    });
    return row;
  }

  const countOf = (entry) => (entry.count > 1 ? `×${number(entry.count)}` : "");
  const nameOf = (entry) => trim(clean(entry.viewer.name, "someone"), 22);

  /* How wide a row is in a line: as its words need. */
  function wide(entry) {
    const u = panel.unit();
    const text = Math.max(width(nameOf(entry), fontOf(800, NAME * u)), width(`sent ${giftName(entry.gift)}`, fontOf(750, DEED * u)));
    const count = countOf(entry);
    return FRAME * u + text + (count ? width(count, fontOf(900, COUNT * u)) + 1.8 * u : 0);
  }

  function write(element, entry) {
    const u = panel.unit();
    const count = countOf(entry);
    const room = plan.shape === "line" ? Infinity : plan.cell - FRAME * u - (count ? width(count, fontOf(900, COUNT * u)) + 1.8 * u : 0);
    element.style.width = plan.shape === "line" ? `${entry.wide}px` : `${plan.cell}px`;
    element.classList.toggle("newest", entry.newest);
    element.querySelector(".sent-name").textContent = fit(nameOf(entry), fontOf(800, NAME * u), room);
    const gift = document.createElement("bdi");
    gift.textContent = fit(giftName(entry.gift), fontOf(800, DEED * u), room - 7 * u);
    element.querySelector(".sent-deed").replaceChildren("sent ", gift);
    const counter = element.querySelector(".sent-count");
    if (counter.textContent && counter.textContent !== count && !panel.look().calm) {
      counter.animate(punch(1), { duration: 420 });
      element.querySelector(".sent-art").animate([{ transform: "none" }, { transform: "scale(1.16) rotate(-6deg)" }, { transform: "none" }], { duration: 380, easing: EASE.soft });
    }
    counter.textContent = count;
    element.setAttribute("aria-label", `${nameOf(entry)} sent ${number(entry.count)} ${giftName(entry.gift)}`);
  }

  function layOut(room) {
    const { scale } = panel.look();
    plan = tickerOf(room, { rows: Math.min(12, Math.max(1, stage.settings().rows ?? 5)), scale });
    panel.fit(room, plan.width, plan.height, plan.row / 10);
    panel.element.dataset.shape = plan.shape;
    show({ still: true });
  }

  /* The entries that fit, and where each begins. */
  function placed() {
    const entries = merged(gifts).slice(0, plan.rows);
    const places = [];
    let x = 0;
    for (const entry of entries) {
      if (plan.shape === "column") {
        places.push({ x: 0, y: places.length * plan.row * (1 + GAPS) });
        continue;
      }
      entry.wide = wide(entry);
      if (places.length && x + entry.wide > plan.width) break;
      places.push({ x, y: 0 });
      x += entry.wide + plan.row * GAPS * 1.4;
    }
    entries.forEach((entry, at) => (entry.newest = at === 0));
    return { entries: entries.slice(0, places.length), places };
  }

  function show({ still }) {
    if (!gifts || !plan) return;
    const { calm } = panel.look();
    const { entries, places } = placed();
    const known = new Set(entries.filter((entry) => slots.find(entry.key)).map((entry) => entry.key));
    const line = plan.shape === "line";
    const away = line ? { x: -plan.row * 2, y: 0 } : { x: 0, y: -plan.row };
    const out = line ? { x: plan.row, y: 0 } : { x: 0, y: plan.row * 0.8 };
    slots.set(entries, (at) => places[at], { still, calm, from: away, to: out });
    if (still || calm) return;
    for (const entry of entries) {
      if (known.has(entry.key)) continue;
      const art = slots.find(entry.key).element.querySelector(".sent-art");
      art.animate(ENTRIES.bloom(panel.unit() * 0.5), { duration: 700, delay: 120, fill: "backwards" });
    }
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("recent.changed", ({ data }) => {
    const first = gifts === null;
    gifts = data.gifts;
    if (plan) show({ still: first });
  });
  stage.expose({ state: () => ({ gifts: gifts?.length ?? null, shape: plan?.shape }) });
}

export { default as demo } from "/static/stage/panels/demo-gifts.js";
