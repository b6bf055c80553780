/* The parts of the credits as elements. `look` is {u, width, coins}. */

import { giftUrl, picture } from "../art.js";
import { box, clean, fit, fontOf, label, number } from "../text.js";
import { giftName } from "../words.js";
import { crown } from "./crown.js";

const WIDTH = 60; // units

function art(gift, size) {
  const place = box("credits-art");
  picture(giftUrl(gift.art, size)).then((image) => place.append(Object.assign(image.cloneNode(), { alt: "" })));
  return place;
}

function coinsOf(amount, look) {
  const text = box("credits-coins figures inked");
  if (!look.coins || !amount) text.hidden = true;
  text.append(Object.assign(document.createElement("i"), { className: "coin" }), number(amount));
  return text;
}

const named = (name, weight, size, room, look) => fit(clean(name, "someone"), fontOf(weight, size * look.u), room * look.u);
const heading = (text) => label("div", "credits-heading inked", text);
const sumOf = (totals) => `${plural(totals.gifts, "gift")} from ${plural(totals.viewers, "viewer")}`;
const moreOf = (more) => `and ${plural(more, "more viewer")}`;
const plural = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;

function rowOf(giver, look, size, room) {
  const row = box("credits-row", label("div", "credits-name inked", named(giver.name, 750, size, room, look)), coinsOf(giver.coins, look));
  row.dataset.giver = giver.key;
  return row;
}

const BUILD = {
  title({ title, totals }, look) {
    const words = clean(title);
    const parts = [];
    if (words && words !== "-") parts.push(label("div", "credits-title inked", fit(words, fontOf(900, 9 * look.u), (WIDTH - 6) * look.u)));
    const sum = totals.viewers ? sumOf(totals) : "This show is just beginning";
    return [...parts, box("credits-line"), label("div", "credits-sum inked figures", sum)];
  },
  podium({ givers }, look) {
    const places = givers.map((giver, at) => {
      const place = box("credits-place", box("credits-crown", crown(at + 1), label("b", "figures", String(at + 1))), label("div", "credits-name inked", named(giver.name, 850, [5.4, 4.4, 4][at], WIDTH - 10, look)), coinsOf(giver.coins, look));
      place.dataset.rank = at + 1;
      place.dataset.giver = giver.key;
      return place;
    });
    return [heading("Top givers"), ...places];
  },
  biggest: ({ gift }, look) => [heading("Biggest gift"), ...giftOf(gift, gift.count, gift.total_coins, look)],
  combo: ({ gift }, look) => [heading("Longest combo"), ...giftOf(gift, gift.units, 0, look)],
  gifts({ gifts }, look) {
    const cells = gifts.map(({ gift, count }) => {
      const cell = box("credits-cell", art(gift, 96), label("div", "credits-count inked figures", `×${number(count)}`));
      cell.title = giftName(gift);
      cell.dataset.sent = gift.id;
      return cell;
    });
    return [heading("Most sent"), box("credits-cells", ...cells)];
  },
  names({ first, givers }, look) {
    return [...(first ? [heading("Made possible by")] : []), ...givers.map((giver) => rowOf(giver, look, 3.2, look.coins ? WIDTH - 24 : WIDTH - 8))];
  },
  closing({ closing, more }, look) {
    const words = clean(closing);
    const parts = more ? [label("div", "credits-sum inked figures", moreOf(more))] : [];
    return [...parts, box("credits-heart", heart()), ...(words && words !== "-" ? [label("div", "credits-closing inked", fit(words, fontOf(850, 5 * look.u), (WIDTH - 8) * look.u))] : [])];
  },
};

const SVG = "http://www.w3.org/2000/svg";

function heart() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 60 54");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M30 53C6 36 0 26 0 16 0 6 7 0 15 0c7 0 12 4 15 10C33 4 38 0 45 0c8 0 15 6 15 16 0 10-6 20-30 37z");
  path.setAttribute("fill", "var(--heart, #ff4f8b)");
  const light = document.createElementNS(SVG, "path");
  light.setAttribute("d", "M8 18c0-7 4-11 9-11");
  for (const [name, value] of [["fill", "none"], ["stroke", "#fff"], ["stroke-width", "4"], ["stroke-linecap", "round"], ["opacity", ".55"]]) light.setAttribute(name, value);
  svg.append(path, light);
  return svg;
}

function giftOf(gift, count, coins, look) {
  const what = count > 1 ? `${number(count)} × ${giftName(gift.gift)}` : giftName(gift.gift);
  return [
    art(gift.gift, 256),
    label("div", "credits-gift inked figures", what),
    label("div", "credits-name big inked", named(gift.viewer.name, 850, 4.4, WIDTH - 8, look)),
    coinsOf(coins, look),
  ];
}

export function buildPart(part, look) {
  const element = document.createElement("section");
  element.className = `credits-part ${part.kind}`;
  element.dataset.part = part.kind;
  if (part.gift) Object.assign(element.dataset, { gift: part.gift.gift_id, units: part.gift.units });
  element.append(...BUILD[part.kind](part, look));
  return element;
}

const write = (element, text) => void (element && element.textContent !== text && (element.textContent = text));
const vanish = (element, gone) => void element?.classList.toggle("gone", gone);

/* What was taken back since the parts were built, while they are seen: numbers change in their place, what is gone leaves
   its place empty, so that nothing moves. */
export function mend(roll, data, look) {
  const givers = new Map(data.givers.map((giver) => [giver.key, giver]));
  const sent = new Map(data.gifts.map(({ gift, count }) => [gift.id, count]));
  const { totals } = data;
  const sum = roll.querySelector(".title .credits-sum");
  vanish(sum, !totals.viewers);
  if (totals.viewers) write(sum, sumOf(totals));
  const rows = [...roll.querySelectorAll("[data-giver]")];
  for (const row of rows) {
    const giver = givers.get(row.dataset.giver);
    vanish(row, !giver);
    if (giver) row.querySelector(".credits-coins").lastChild.data = number(giver.coins);
  }
  for (const cell of roll.querySelectorAll("[data-sent]")) {
    const count = sent.get(cell.dataset.sent);
    vanish(cell, !count);
    if (count) write(cell.querySelector(".credits-count"), `×${number(count)}`);
  }
  for (const kind of ["biggest", "combo"]) mendGift(roll.querySelector(`[data-part="${kind}"]`), kind, data[kind], look);
  const more = totals.viewers - rows.filter((row) => givers.has(row.dataset.giver)).length;
  const rest = roll.querySelector(".closing .credits-sum");
  vanish(rest, more <= 0);
  if (more > 0) write(rest, moreOf(more));
}

/* The next one takes the place of the biggest gift or of the longest combo. */
function mendGift(part, kind, gift, look) {
  vanish(part, !gift);
  if (!part || !gift || (part.dataset.gift === gift.gift_id && part.dataset.units === String(gift.units))) return;
  const fresh = buildPart({ kind, gift }, look);
  Object.assign(part.dataset, { ...fresh.dataset });
  part.replaceChildren(...fresh.childNodes);
}
