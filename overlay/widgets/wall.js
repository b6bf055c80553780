/* giftcast-widget
{
  "title": "Gift wall",
  "description": "Every gift there is, dark until it is given for the first time; with how often it was given.",
  "events": ["counts.changed"],
  "settings": {
    "period": {"type": "choice", "label": "Gifts of", "default": "show", "choices": ["show", "today", "week", "month", "all"]},
    "title": {"type": "text", "label": "Title (- for none)", "default": "Gift wall", "max": 40},
    "from_tier": {"type": "integer", "label": "Gifts from tier", "default": 1, "min": 1, "max": 7},
    "to_tier": {"type": "integer", "label": "to tier", "default": 7, "min": 1, "max": 7},
    "moments": {"type": "boolean", "label": "Celebrate when a gift is given for the first time", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "middle", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the gifts", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { giftUrl, paletteOf, picture } from "/static/stage/art.js";
import { EASE } from "/static/stage/moves.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { wallOf } from "/static/stage/panels/room.js";
import { litUp, shortCount } from "/static/stage/panels/shelf.js";
import { createSlots } from "/static/stage/panels/slots.js";
import { themeOf } from "/static/stage/themes.js";
import { box, clean, fit, fontOf, graphemes, label, number, trim, useStyles, width } from "/static/stage/text.js";
import { giftName } from "/static/stage/words.js";

const NAMED_FROM = 56; // px of a cell
const NAME_LEAST = 11; // px of a letter that can still be read on a stream
const STUMP = 6; // letters
const APART_MS = 450;

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/wall.css");
  let told = null; // what the server said last
  let plan = null;
  let busyUntil = 0;
  const palettes = new Map();

  const panel = createPanel({ stage, name: "wall", draw: layOut });
  const title = label("div", "wall-title plate inked");
  const lit = box("wall-lit plate inked figures");
  const head = box("wall-head", title, lit);
  panel.element.append(head);
  const slots = createSlots({ root: panel.element, make, write, clock });

  function make({ gift }) {
    const art = box("cell-art");
    const cell = box("cell", box("cell-back plate"), box("cell-glow"), art, label("div", "cell-name inked"), box("cell-count figures"), label("div", "cell-giver"));
    picture(giftUrl(gift.art, 256)).then((image) => art.append(Object.assign(image.cloneNode(), { alt: "" })));
    paletteOf(gift.art).then((palette) => {
      palettes.set(gift.id, palette);
      cell.style.setProperty("--accent", palette.main);
      cell.style.setProperty("--accent-light", palette.light);
      cell.style.setProperty("--accent-deep", palette.deep);
    });
    cell.setAttribute("role", "img");
    return cell;
  }

  function write(element, { gift, count }) {
    const u = panel.unit();
    element.classList.toggle("lit", count > 0);
    const counter = element.querySelector(".cell-count");
    const text = count > 0 ? shortCount(count) : "";
    if (counter.textContent && text && counter.textContent !== text && !panel.look().calm)
      counter.animate([{ transform: "none" }, { transform: "scale(1.5)" }, { transform: "none" }], { duration: 420, easing: EASE.back });
    counter.textContent = text;
    writeName(element.querySelector(".cell-name"), giftName(gift), u);
    element.setAttribute("aria-label", `${giftName(gift)}: given ${number(count)} times`);
  }

  /* As large as it may be, smaller where it is long, then cut; where only a stump would be left, there is none. */
  function writeName(element, name, u) {
    const [least, most] = [Math.max(NAME_LEAST, 1.05 * u), Math.max(NAME_LEAST, 1.35 * u)];
    const size = Math.max(least, Math.min(most, (most * 9.4 * u) / width(name, fontOf(750, most))));
    const text = fit(name, fontOf(750, size), 9.6 * u);
    element.style.fontSize = `${size}px`;
    element.textContent = text === name || graphemes(text).length > STUMP ? text : "";
  }

  const mine = () => {
    const set = stage.settings();
    const [from, to] = [set.from_tier ?? 1, set.to_tier ?? 7];
    return (told?.gifts ?? []).filter(({ gift }) => gift.tier >= from && gift.tier <= to).map((each) => ({ ...each, key: each.gift.id }));
  };

  function layOut(room) {
    const words = clean(stage.settings().title ?? "Gift wall");
    const withTitle = words !== "-" && words !== "";
    const { scale } = panel.look();
    plan = wallOf(room, { count: mine().length, scale, title: withTitle });
    panel.fit(room, plan.width, plan.height, plan.cell / 10);
    panel.element.style.setProperty("--head", `${plan.head}px`);
    panel.element.classList.toggle("named", plan.cell >= NAMED_FROM);
    head.hidden = plan.head === 0;
    title.textContent = fit(words, fontOf(750, plan.head * 0.52), plan.width - plan.head * 4);
    show({ still: true });
  }

  function show({ still }) {
    if (!told || !plan) return;
    const cells = mine();
    slots.set(cells, plan.place, { still, calm: true });
    lit.textContent = `${cells.filter((each) => each.count > 0).length} / ${cells.length}`;
  }

  /* One after the other, so that each has its moment. */
  function celebrate(each) {
    const now = clock.now();
    const wait = Math.max(0, busyUntil - now);
    busyUntil = now + wait + APART_MS;
    clock.after(wait, () => light(each));
  }

  function light({ key, gift, last }) {
    const found = slots.find(key);
    if (!found) return;
    const { element, x, y } = found;
    const find = (name) => element.querySelector(name);
    const giver = find(".cell-giver");
    const name = last ? trim(clean(last, "someone"), 18) : giftName(gift);
    const size = Math.max(1.6 * panel.unit(), 12);
    giver.textContent = fit(name, fontOf(800, size), plan.cell - 1.2 * size); // its own cell's width, its neighbours have names too
    panel.say(`${giftName(gift)} lit up${last ? ` by ${name}` : ""}`);
    const { calm } = panel.look();
    element.classList.add("lighting");
    const told = giver.animate(
      [
        { opacity: 0, transform: calm ? "none" : "scale(.4)" },
        { opacity: 1, transform: "none", offset: 0.08 },
        { opacity: 1, transform: "none", offset: 0.9 },
        { opacity: 0, transform: "none" },
      ],
      { duration: 3600, delay: calm ? 0 : 350, fill: "backwards" },
    );
    told.onfinish = () => element.classList.remove("lighting");
    if (calm) {
      find(".cell-art").animate([{ opacity: 0.3 }, { opacity: 1 }], { duration: 900 });
      return;
    }
    element.animate(
      [
        { transform: "perspective(600px) rotateY(-180deg) scale(.9)", easing: EASE.soft },
        { transform: "perspective(600px) rotateY(20deg) scale(1.45)", offset: 0.42, easing: EASE.soft },
        { transform: "perspective(600px) rotateY(0) scale(1.32)", offset: 0.72, easing: EASE.inout },
        { transform: "perspective(600px) rotateY(0) scale(1)" },
      ],
      { duration: 1500, composite: "add" },
    );
    const at = panel.point(x + plan.cell / 2, y + plan.cell * 0.45);
    const theme = themeOf(gift.art, palettes.get(gift.id) ?? { main: "#ffd75a", light: "#fff", second: "#ff6fa5" });
    clock.after(420, () => {
      panel.particles.burst({ ...theme, ...at, n: 26, wide: 4, tall: 4, spread: 360, size: theme.size * 0.5, speed: theme.speed * 0.8 });
      panel.particles.burst({ ...at, kind: "ring", inks: ["#ffffff"], n: 1, speed: 0, size: 9, vary: 0, grow: 1.6, life: 600 });
    });
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("counts.changed", ({ data }) => {
    if (data.counts_id !== (stage.settings().period ?? "show")) return;
    const before = told;
    told = data;
    if (before?.counts_id !== data.counts_id || before.gifts.length !== data.gifts.length) {
      panel.redraw();
      return;
    }
    show({ still: false });
    if (stage.settings().moments ?? true) litUp(before, { ...data, gifts: mine() }).forEach(celebrate);
  });
  stage.expose({
    state: () => ({ cells: mine().length, lit: mine().filter((each) => each.count > 0).length, sparks: panel.particles.alive() }),
  });
}

export { default as demo } from "/static/stage/panels/demo-gifts.js";
