/* The simulated chat: puts the parts of the page together. */

import { createCast } from "./cast.js";
import { byId, coins, el, picture } from "./dom.js";
import { createGifts } from "./gifts.js";
import { createLog } from "./log.js";
import { createPreview } from "./preview.js";
import { watchNotices } from "./notices.js";
import { newId, post } from "./send.js";
import { createShelf } from "./shelf.js";
import { createSuggestions } from "./suggest.js";

const LOST = "No answer from giftcast.";
const LOST_FIX = "Is it still running? Retrying is safe: a line is only ever counted once.";
const STARTERS = ["rose", "doughnut", "galaxy", "lion"];
const PAST_MAX = 50;

const data = JSON.parse(byId("page-data").textContent);
const prefix = data.prefix || "!";
const input = byId("text");
const gifts = createGifts(data.gifts ?? [], prefix);
const log = createLog();
const past = [];
let place = 0; // in `past`; its length means: the line being typed
let draft = "";

const commands = [
  { text: `${prefix}gift`, help: "send a gift", more: true },
  { text: `${prefix}balance`, help: "your coins" },
  { text: `${prefix}gifts`, help: "what you can send" },
  { text: `${prefix}top`, help: "who gave the most" },
  { text: `${prefix}help`, help: "how it works" },
];

const suggestions = createSuggestions({ input, gifts, commands, prefix, onPick: fill });
const cast = createCast(data.viewers ?? [], (viewer, focus) => {
  input.placeholder = `Message as ${viewer.name}`;
  if (focus) input.focus();
});

function fill(text) {
  input.value = text;
  input.focus();
  input.setSelectionRange(text.length, text.length);
  hint();
}

/* Back to typing after a tap, but without calling up the keyboard of a phone. */
function goOn() {
  if (matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
}

/* Says the price while one types, or how the keys work. */
function hint() {
  const box = byId("hint");
  const meant = gifts.read(input.value);
  if (!meant) {
    box.replaceChildren(input.value ? "Enter sends" : "Enter sends · ↑ brings back your last line");
    return;
  }
  const { gift, count } = meant;
  box.replaceChildren(picture(gift, 96, 20) ?? "", el("b", {}, count > 1 ? `${gift.name} × ${count}` : gift.name), coins(gift.price_coins * count, { long: true }));
}

async function send(text) {
  const viewer = cast.current();
  const line = { id: newId(), viewer: viewer.name, text };
  if (viewer.role && viewer.role !== "viewer") line.role = viewer.role;
  const shown = log.add({ viewer, text, gift: gifts.read(text)?.gift, expects: text.startsWith(prefix) });
  await deliver(line, shown);
}

async function deliver(line, shown) {
  const result = await post(line, data.csrf ?? "");
  const again = () => {
    shown.wait();
    goOn();
    deliver(line, shown);
  };
  if (result.kind === "lost") shown.say("trouble", LOST, LOST_FIX, again);
  else if (result.kind === "refused") shown.say("trouble", result.error, result.fix, result.again ? again : null);
  else shown.say(result.ok ? "ok" : "refused", result.reply);
}

function submit(text) {
  const trimmed = text.trim();
  if (!trimmed) return;
  if (past[past.length - 1] !== trimmed) past.push(trimmed);
  if (past.length > PAST_MAX) past.shift();
  place = past.length;
  draft = "";
  send(trimmed);
}

function recall(step) {
  const next = place + step;
  if (next < 0 || next > past.length) return;
  if (place === past.length) draft = input.value;
  place = next;
  fill(place === past.length ? draft : past[place]);
  suggestions.close();
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  suggestions.close();
  submit(input.value);
  fill("");
});

input.addEventListener("input", () => {
  suggestions.update();
  hint();
});
input.addEventListener("blur", () => suggestions.close());
input.addEventListener("keydown", (event) => {
  if (event.isComposing || suggestions.key(event)) return;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    recall(event.key === "ArrowUp" ? -1 : 1);
  }
});

for (const words of ["gift rose 5", "balance", "gifts", "gift lion", "top", "help"]) {
  const chip = el("button", { class: "chip", type: "button", title: "Send this" }, prefix + words);
  chip.addEventListener("click", (event) => {
    submit(prefix + words);
    if (event.detail > 0) goOn();
  });
  byId("chips").append(chip);
}

for (const gift of STARTERS.map(gifts.find).filter(Boolean)) {
  const button = el("button", { class: "starter", type: "button", title: `Send ${prefix}gift ${gift.id}` }, picture(gift, 256, 60), el("b", {}, gift.name), coins(gift.price_coins));
  button.addEventListener("click", () => {
    submit(`${prefix}gift ${gift.id}`);
    goOn();
  });
  byId("starters").append(button);
}

createShelf(gifts, (gift) => {
  fill(`${prefix}gift ${gift.id} `);
  suggestions.close();
});
createPreview(data.overlay_url ?? "", data.csrf ?? "");
watchNotices(({ viewer, text }) => log.add({ viewer: { name: viewer }, text: "", expects: false }).say("ok", text));
hint();
goOn();
