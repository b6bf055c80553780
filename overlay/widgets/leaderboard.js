/* giftcast-widget
{
  "title": "Leaderboard",
  "description": "Who gave most: today, this week, this month, ever or in this show. Rows glide as ranks change.",
  "events": ["board.changed"],
  "settings": {
    "period": {"type": "choice", "label": "Gifts of", "default": "today", "choices": ["today", "week", "month", "all", "show"]},
    "rows": {"type": "integer", "label": "Places (fewer when there is no room)", "default": 5, "min": 1, "max": 10},
    "title": {"type": "text", "label": "Title (empty: named after the period; - for none)", "default": "", "max": 40},
    "coins": {"type": "boolean", "label": "Show coins", "default": true},
    "moments": {"type": "boolean", "label": "Celebrate who enters the top 3", "default": true},
    "at": {"type": "choice", "label": "Stands at", "default": "top-left", "choices": ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]},
    "scale": {"type": "number", "label": "Size", "default": 1, "min": 0.5, "max": 2, "step": 0.05},
    "backdrop": {"type": "choice", "label": "Behind the text", "default": "glass", "choices": ["glass", "none"]},
    "calm": {"type": "boolean", "label": "Calm: gentle fades, nothing flies", "default": false}
  }
}
*/

import { boardOf } from "/static/stage/panels/room.js";
import { createPanel } from "/static/stage/panels/panel.js";
import { climbed, moments, SAID, TITLES } from "/static/stage/panels/ranks.js";
import { roll } from "/static/stage/panels/roll.js";
import { createSlots } from "/static/stage/panels/slots.js";
import { EASE } from "/static/stage/moves.js";
import { box, clean, fit, fontOf, label, number, useStyles, width } from "/static/stage/text.js";

const SAID_MS = 3600;
const METALS = { 1: ["#fff3c2", "#ffcf4a", "#ffffff"], 2: ["#ffffff", "#c6d2e6"], 3: ["#ffe0c4", "#e39a63", "#ffffff"] };

export default function start(stage) {
  const { clock } = stage;
  useStyles("/static/stage/panels/leaderboard.css");
  let board = null; // what the server said last
  let plan = null;
  let drawn = false;

  const panel = createPanel({ stage, name: "leaderboard", draw: layOut });
  const title = label("div", "board-title plate inked");
  const empty = label("div", "board-empty plate inked", "Be the first to send a gift");
  panel.element.append(title);
  const slots = createSlots({ root: panel.element, make, write, clock });

  function make() {
    const medal = box("medal figures inked", document.createElement("span"));
    const name = label("div", "row-name inked");
    const rise = box("row-rise figures");
    const amount = document.createElement("span");
    const coins = box("row-coins figures inked", Object.assign(document.createElement("i"), { className: "coin" }), amount);
    const said = label("div", "row-said inked");
    const glow = box("row-glow", document.createElement("i"));
    const row = box("row", box("row-plate plate"), glow, box("sheen"), medal, name, coins, said, rise);
    row.setAttribute("role", "listitem");
    return row;
  }

  function write(element, row) {
    const u = panel.unit();
    const find = (name) => element.querySelector(name);
    const line = plan.shape === "line";
    const withCoins = stage.settings().coins ?? true;
    element.dataset.rank = row.rank;
    find(".medal span").textContent = row.rank;
    const coins = number(row.coins);
    const numbers = withCoins && !line ? width(coins, fontOf(800, 4 * u)) + 6.2 * u : 0;
    const room = plan.cell - (line ? 12.2 : 15.4) * u - numbers;
    find(".row-name").textContent = fit(clean(row.name, "someone"), fontOf(750, (line ? 3.7 : 4.2) * u), room);
    find(".row-coins").hidden = !withCoins;
    roll(find(".row-coins span"), row.coins, clock, { still: !drawn || panel.look().calm });
    find(".row-glow i").style.transform = `scaleX(${Math.max(0.04, row.coins / Math.max(1, board.rows[0].coins))})`;
    element.setAttribute("aria-label", `${row.rank}. ${clean(row.name, "someone")}, ${coins} coins`);
  }

  function words() {
    const own = clean(stage.settings().title);
    return own === "-" ? "" : own || TITLES[board?.period] || TITLES.today;
  }

  function layOut(room) {
    const set = stage.settings();
    const { scale } = panel.look();
    plan = boardOf(room, { rows: Math.min(10, Math.max(1, set.rows ?? 5)), scale, title: words() !== "" });
    panel.fit(room, plan.width, plan.height, plan.row / 10);
    panel.element.dataset.shape = plan.shape;
    panel.element.style.setProperty("--cell", `${plan.cell}px`);
    panel.element.style.setProperty("--head", `${plan.head}px`);
    title.hidden = plan.head === 0;
    title.textContent = fit(words(), fontOf(750, plan.head * 0.6), plan.width - 6 * panel.unit());
    const first = plan.place(0);
    Object.assign(empty.style, { left: `${first.x}px`, top: `${first.y}px`, width: `${plan.shape === "line" ? plan.width : plan.cell}px`, height: `${plan.row}px` });
    show({ still: true });
  }

  function show({ still }) {
    if (!board || !plan) return;
    const { calm } = panel.look();
    const rows = board.rows.slice(0, plan.rows);
    const away = plan.shape === "line" ? { x: 0, y: plan.row * 1.2 } : { x: -plan.row * 2, y: 0 };
    slots.set(rows, plan.place, { still, calm, from: away, to: { x: 0, y: plan.row * 0.6 } });
    if (rows.length) empty.remove();
    else panel.element.append(empty);
    drawn = true;
  }

  /* ▲2 beside whoever has climbed. */
  function rise(row) {
    const found = slots.find(row.key);
    const up = climbed(row);
    if (!found || !up) return;
    const mark = found.element.querySelector(".row-rise");
    mark.textContent = String(up);
    mark.getAnimations().forEach((each) => each.cancel());
    mark.animate(
      panel.look().calm
        ? { opacity: [0, 1, 1, 0], offset: [0, 0.05, 0.92, 1] }
        : [
            { opacity: 0, transform: "scale(.2)" },
            { opacity: 1, transform: "scale(1.15)", offset: 0.05 },
            { opacity: 1, transform: "none", offset: 0.09 },
            { opacity: 1, transform: "none", offset: 0.92 },
            { opacity: 0, transform: "scale(.6)" },
          ],
      { duration: 6000, easing: EASE.out },
    );
  }

  function celebrate({ kind, row }) {
    const found = slots.find(row.key);
    if (!found) return;
    const { element } = found;
    const find = (name) => element.querySelector(name);
    const said = find(".row-said");
    said.textContent = SAID[kind];
    panel.say(`${clean(row.name, "someone")} ${SAID[kind]}`);
    const { calm } = panel.look();
    const times = { duration: SAID_MS, easing: "linear" };
    said.animate({ opacity: [0, 1, 1, 0], offset: [0, 0.1, 0.9, 1] }, times);
    if (plan.shape === "line") find(".row-coins").animate({ opacity: [1, 0, 0, 1], offset: [0, 0.06, 0.94, 1] }, times);
    else {
      const up = `translateY(${-1.7 * panel.unit()}px)`;
      const lift = calm ? { transform: [up, up] } : { transform: ["none", up, up, "none"], offset: [0, 0.08, 0.92, 1], easing: EASE.inout };
      find(".row-name").animate(lift, times);
    }
    if (calm) return;
    element.animate(
      [{ transform: "none" }, { transform: `scale(${kind === "lead" ? 1.05 : 1.035})`, offset: 0.3 }, { transform: "none" }],
      { duration: 1000, easing: EASE.soft, composite: "add" },
    );
    const band = document.createElement("i");
    find(".sheen").replaceChildren(band);
    band.animate(
      [
        { transform: "translateX(-120%)", opacity: 1 },
        { transform: "translateX(280%)", opacity: 1 },
      ],
      { duration: 1000, delay: 350, easing: EASE.inout },
    );
    find(".medal").animate(
      [
        { transform: "rotateY(0) scale(1)" },
        { transform: "rotateY(360deg) scale(1.25)", offset: 0.6 },
        { transform: "rotateY(720deg) scale(1)" },
      ],
      { duration: 1300, easing: EASE.out },
    );
    clock.after(420, () => spark(found, kind, row.rank));
  }

  function spark({ x, y }, kind, rank) {
    const at = panel.point(x + plan.row * 0.5, y + plan.row * 0.5);
    const burst = { ...at, inks: METALS[rank] ?? METALS[1], kind: "star", angle: -40, spread: 200, gravity: 26, drag: 1.7, size: 3.4, spin: 160 };
    panel.particles.burst({ ...burst, n: kind === "lead" ? 30 : 18, speed: kind === "lead" ? 64 : 46, life: 1300 });
    if (kind === "lead") panel.particles.burst({ ...at, kind: "ring", inks: [METALS[1][1]], n: 1, speed: 0, size: 12, vary: 0, grow: 2, life: 700 });
  }

  stage.on("welcome", () => panel.redraw());
  stage.on("board.changed", ({ data }) => {
    if (data.board_id !== (stage.settings().period ?? "today")) return;
    const renamed = data.board_id !== board?.board_id || data.period !== board?.period;
    board = data;
    if (renamed) panel.redraw();
    else {
      show({ still: false });
      for (const row of board.rows.slice(0, plan.rows)) rise(row);
      if (stage.settings().moments ?? true) moments(board.rows.slice(0, plan.rows)).forEach(celebrate);
    }
  });
  stage.expose({ state: () => ({ rows: board?.rows.length ?? null, shape: plan?.shape, sparks: panel.particles.alive() }) });
}

export { default as demo } from "/static/stage/panels/demo-board.js";
