/* giftcast-widget
{
  "title": "Combo meter",
  "description": "Who is on a combo right now, how hot it is and how long it lasts; and the longest one of the show.",
  "events": ["combo.changed"],
  "settings": {
    "period": {"type": "choice", "label": "The longest combo of", "default": "show", "choices": ["show", "today"]},
    "least": {"type": "integer", "label": "Show combos from so many gifts", "default": 3, "min": 2, "max": 100},
    "others": {"type": "integer", "label": "Further combos beside the one that leads", "default": 2, "min": 0, "max": 3},
    "record": {"type": "boolean", "label": "Show the longest combo", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "right", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { giftUrl, paletteOf, picture } from "/static/stage/art.js";
import { EASE, FADE_IN, FADE_OUT, NOD, punch } from "/static/stage/moves.js";
import { comboRoom, heatOf, isRecord, leftOf, ranked } from "/static/stage/panels/combos.js";
import { createRunout } from "/static/stage/panels/countdown.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { roll } from "/static/stage/panels/roll.js";
import { createSlots } from "/static/stage/panels/slots.js";
import { themeOf } from "/static/stage/themes.js";
import { box, clean, fit, fontOf, label, number, useStyles, width } from "/static/stage/text.js";
import { giftName } from "/static/stage/words.js";

const SAID_MS = 3200;
const CHEER_MS = 160; // bumps that follow faster look like one
const SHAKES = [0, 0, 0, 0.35, 0.6]; // units, by heat
const LINGER_MS = 250; // after its time, before the server has said so

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/combo.css");
  let told = null; // { combos, best, window_s, … } as the server said it last
  let toldAt = ""; // by the server's clock
  let heard = 0; // by this page's
  let plan = null;
  let card = null; // the combo that leads

  const panel = createPanel({ stage, name: "combo", draw: layOut });
  const chips = createSlots({ root: panel.element, make: makeChip, write: writeChip, clock });
  const record = box("combo-record plate inked");
  record.hidden = true;
  panel.element.append(record);

  const settings = () => ({ least: 3, others: 2, record: true, ...stage.settings() });
  const nameOf = (combo) => clean(combo.viewer.name, "someone");

  function dress(element, gift) {
    paletteOf(gift.art).then((palette) => {
      element.style.setProperty("--accent", palette.main);
      element.style.setProperty("--accent-light", palette.light);
      element.style.setProperty("--accent-deep", palette.deep);
      if (card?.element === element) card.palette = palette;
    });
  }

  function art(name, gift, size) {
    const made = box(name);
    picture(giftUrl(gift.art, size)).then((image) => made.append(Object.assign(image.cloneNode(), { alt: "" })));
    return made;
  }

  /* ── the one that leads ────────────────────────────────────────── */

  function open(combo) {
    const runout = createRunout({ stroke: 8 });
    const figure = art("combo-art", combo.gift, 256);
    const count = label("div", "combo-count figures");
    const name = label("div", "combo-name inked");
    const gift = label("div", "combo-gift inked");
    const said = label("div", "combo-said inked");
    const words = box("combo-words", box("combo-plate plate"), name, gift, said);
    const disc = box("combo-disc", box("combo-glow"), runout.element, figure);
    const element = box("combo-card", disc, words, count);
    element.setAttribute("role", "img");
    card = { id: combo.combo_id, element, runout, figure, count, name, gift, said, disc, value: document.createElement("span"), units: 0, cheered: 0, palette: null, stop: null };
    count.append(card.value);
    dress(element, combo.gift);
    panel.element.append(element);
  }

  function write(combo, still) {
    const u = panel.unit();
    const { calm } = panel.look();
    const before = card.units;
    card.units = combo.count;
    const heat = heatOf(combo.count);
    card.element.dataset.heat = heat;
    const room = plan.form === "line" ? Math.max(14 * u, card.room) : 40 * u;
    card.name.textContent = fit(nameOf(combo), fontOf(800, 4 * u), room);
    card.gift.textContent = fit(giftName(combo.gift), fontOf(700, 3 * u), room);
    roll(card.value, combo.count, clock, { still: still || calm || combo.count < before, text: (value) => `×${number(value)}` });
    card.count.dataset.text = `×${number(combo.count)}`;
    card.element.setAttribute("aria-label", `${nameOf(combo)}: combo of ${number(combo.count)} ${giftName(combo.gift)}`);
    if (still || combo.count <= before) return;
    if (before && !calm) bump(combo, heat);
  }

  function bump(combo, heat) {
    const now = clock.now();
    card.count.animate(punch(heat / 1.6), { duration: 460 });
    if (now - card.cheered < CHEER_MS) return;
    card.cheered = now;
    card.figure.animate(NOD, { duration: 460 });
    const far = SHAKES[heat] * panel.unit();
    if (far) {
      const to = (x, y) => ({ transform: `translate(${x * far}px, ${y * far}px)` });
      card.disc.animate([to(0, 0), to(-1, 0.5), to(1, -0.6), to(-0.6, -0.4), to(0, 0)], { duration: 260 });
    }
    spray(combo, 5 + heat * 3, 0.8 + heat * 0.12);
  }

  function spray(combo, n, power) {
    const { x, y } = centre();
    const theme = themeOf(combo.gift.art, card.palette ?? { main: "#ffd75a", light: "#fff", second: "#ff6fa5" });
    panel.particles.burst({ ...theme, x, y, n, wide: plan.r, tall: plan.r, spread: 360, speed: theme.speed * power * 0.8, size: theme.size * 0.8 });
  }

  const centre = () => panel.point((plan.form === "line" ? 6.5 : 23) * plan.u, (plan.form === "line" ? 6.5 : 15) * plan.u);

  /* Its clock: the page does not wait to be told that it has run out. */
  function burn(combo) {
    const left = Math.max(0, leftOf(combo.ends_at, toldAt) - (clock.now() - heard));
    card.runout.run(left, told.window_s * 1000);
    card.stop?.();
    card.stop = Number.isFinite(left) ? clock.after(left + LINGER_MS, () => show({ still: false, over: combo.combo_id })) : null;
  }

  function close(still) {
    const old = card;
    card = null;
    if (!old) return;
    old.stop?.();
    old.runout.run(0, 1);
    if (still) return void old.element.remove();
    const { calm } = panel.look();
    const frames = calm ? FADE_OUT : [{ opacity: 1, transform: "none" }, { opacity: 1, transform: "scale(1.06)", offset: 0.3 }, { opacity: 0, transform: "scale(.7)" }];
    old.element.animate(frames, { duration: 420, easing: EASE.inout, fill: "forwards" }).onfinish = () => old.element.remove();
    clock.after(800, () => old.element.remove());
  }

  /* ── the others, and the record ────────────────────────────────── */

  function makeChip(combo) {
    const chip = box("combo-chip", box("combo-chip-plate plate"), art("combo-chip-art", combo.gift, 96), label("div", "combo-chip-name inked"), box("combo-chip-count figures inked"));
    dress(chip, combo.gift);
    return chip;
  }

  function writeChip(element, combo) {
    const u = panel.unit();
    const count = `×${number(combo.count)}`;
    const counter = element.querySelector(".combo-chip-count");
    element.querySelector(".combo-chip-name").textContent = fit(nameOf(combo), fontOf(750, 2.4 * u), combo.wide - 8.4 * u - width(count, fontOf(900, 2.7 * u)));
    element.style.width = `${combo.wide}px`;
    if (counter.textContent && counter.textContent !== count && !panel.look().calm) counter.animate(punch(0.6), { duration: 380 });
    counter.textContent = count;
  }

  /* Chips side by side below the words; in a line there is room for none. */
  function placed(others) {
    const { u } = plan;
    const wide = (46 * u - (others.length - 1) * u) / Math.max(1, others.length);
    const room = Math.min(wide, 22.5 * u);
    const all = others.length * room + (others.length - 1) * u;
    return { chips: others.map((combo) => ({ ...combo, key: combo.combo_id, wide: room })), at: (index) => ({ x: (46 * u - all) / 2 + index * (room + u), y: 37.4 * u }) };
  }

  function writeRecord() {
    const { u } = plan;
    const best = settings().record ? told.best : null;
    record.hidden = !best || (plan.form === "line" && plan.width < 100 * u && card !== null);
    if (!best) return;
    const line = plan.form === "line";
    const count = `×${number(best.count)}`;
    const room = (line ? 34 : 44) * u - width(count, fontOf(900, 2.6 * u)) - 21 * u;
    const name = label("bdi", "", fit(nameOf(best), fontOf(750, 2.5 * u), room));
    const lead = Object.assign(document.createElement("small"), { textContent: "Longest" });
    const tail = Object.assign(document.createElement("b"), { className: "figures", textContent: count });
    record.replaceChildren(lead, art("combo-record-art", best.gift, 96), name, tail);
    record.setAttribute("aria-label", `Longest combo: ${nameOf(best)}, ${number(best.count)} ${giftName(best.gift)}`);
  }

  function celebrate(best) {
    panel.say(`${nameOf(best)} holds the longest combo: ${number(best.count)} ${giftName(best.gift)}`);
    if (!panel.look().calm) record.animate([{ transform: "none" }, { transform: "scale(1.14)", offset: 0.4, easing: EASE.soft }, { transform: "none" }], { duration: 900 });
    if (card?.id !== best.combo_id) return;
    card.said.textContent = "New record!";
    card.said.animate({ opacity: [0, 1, 1, 0], offset: [0, 0.08, 0.9, 1] }, { duration: SAID_MS });
    card.gift.animate({ opacity: [1, 0, 0, 1], offset: [0, 0.06, 0.92, 1] }, { duration: SAID_MS });
    const { x, y } = centre();
    panel.particles.burst({ x, y, kind: "star", inks: ["#fff3c2", "#ffd75a", "#ffffff"], n: 34, speed: 52, spread: 360, gravity: 22, drag: 1.7, size: 3, spin: 160, life: 1500 });
    panel.particles.burst({ x, y, kind: "ring", inks: ["#ffd75a"], n: 1, speed: 0, size: 22, vary: 0, grow: 1.4, life: 700 });
  }

  /* ── all of it ─────────────────────────────────────────────────── */

  function layOut(room) {
    const set = settings();
    const { scale } = panel.look();
    plan = comboRoom(room, { scale, record: set.record });
    plan.r = plan.form === "line" ? 6 : 14;
    panel.fit(room, plan.width, plan.height, plan.u);
    panel.element.dataset.form = plan.form;
    close(true);
    show({ still: true });
  }

  function show({ still, over = "" }) {
    if (!told || !plan) return;
    const { calm } = panel.look();
    const set = settings();
    const running = ranked(told.combos).filter((combo) => combo.count >= set.least && combo.combo_id !== over);
    const [lead, ...rest] = running;
    if (card && card.id !== lead?.combo_id) close(still);
    if (lead) {
      const fresh = !card;
      if (fresh) open(lead);
      const count = width(`×${number(lead.count)}`, fontOf(900, 8.6 * plan.u));
      const aside = set.record && told.best && plan.width >= 100 * plan.u ? 37 * plan.u : 0;
      card.room = plan.width - aside - count - 20 * plan.u;
      write(lead, still || fresh);
      burn(lead);
      if (fresh && !still) enter(lead);
    }
    const others = plan.form === "line" ? [] : rest.slice(0, Math.min(3, Math.max(0, set.others)));
    const places = placed(others);
    chips.set(places.chips, places.at, { still, calm, from: { x: 0, y: 3 * plan.u }, to: { x: 0, y: 2 * plan.u } });
    writeRecord();
  }

  function enter(combo) {
    if (panel.look().calm) return void card.element.animate(FADE_IN, { duration: 400 });
    card.disc.animate([{ transform: "scale(.2) rotate(-40deg)", opacity: 0 }, { transform: "scale(1.12) rotate(4deg)", opacity: 1, offset: 0.55, easing: EASE.soft }, { transform: "none" }], { duration: 620, easing: EASE.out });
    card.element.querySelector(".combo-words").animate([{ opacity: 0, transform: `translateY(${-4 * panel.unit()}px)` }, { opacity: 1, transform: "none" }], { duration: 420, delay: 160, easing: EASE.out, fill: "backwards" });
    card.count.animate([{ opacity: 0, transform: "scale(0)" }, { opacity: 1, transform: "none" }], { duration: 420, delay: 240, easing: EASE.back, fill: "backwards" });
    clock.after(300, () => card?.id === combo.combo_id && spray(combo, 12, 1));
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("combo.changed", ({ data, at }) => {
    const before = told;
    told = data;
    toldAt = at;
    heard = clock.now();
    show({ still: before === null });
    if (isRecord(before, data.best)) celebrate(data.best);
  });
  stage.expose({
    state: () => ({ lead: card ? card.units : 0, best: told?.best?.count ?? null, form: plan?.form, sparks: panel.particles.alive() }),
  });
}

export { default as demo } from "/static/stage/panels/demo-combo.js";
