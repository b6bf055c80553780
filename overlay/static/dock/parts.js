/* Parts of the dock: icons, buttons, the question "really?", and the row of one gift. */

import { giftUrl, picture } from "../stage/art.js";
import { box, clean, label, number, trim } from "../stage/text.js";
import { age, who } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/* A button of an icon; `words` is what it is called. */
export function iconButton(name, words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `icon is-${name}`;
  button.title = words;
  button.setAttribute("aria-label", words);
  button.append(icon(name));
  button.addEventListener("click", act);
  return button;
}

/* Asks in the page before something that cannot be taken back. Escape and “Keep” leave all as it was; the focus returns to
   what was pressed. */
export function ask({ place, from, words, yes, act }) {
  const open = place.querySelector(":scope > .sure");
  open?.remove();
  if (open?.dataset.words === words) return;
  const question = document.createElement("p");
  question.textContent = words;
  const go = Object.assign(document.createElement("button"), { type: "button", className: "yes", textContent: yes });
  const keep = Object.assign(document.createElement("button"), { type: "button", className: "no", textContent: "Keep" });
  const sure = box("sure", question, go, keep);
  sure.dataset.words = words;
  sure.setAttribute("role", "group");
  sure.setAttribute("aria-label", words);
  const close = () => {
    sure.remove();
    from.focus();
  };
  go.addEventListener("click", () => {
    close();
    act();
  });
  keep.addEventListener("click", close);
  sure.addEventListener("keydown", (event) => event.key === "Escape" && close());
  place.append(sure);
  keep.focus();
}

/* A row of one gift with its buttons. */
export function giftRow(entry, buttons) {
  const art = box("art");
  picture(giftUrl(entry.gift.art, 96)).then((image) => art.replaceChildren(Object.assign(image.cloneNode(), { alt: "", width: 38, height: 38, style: "width:100%;height:100%" })));
  const row = document.createElement("li");
  row.className = "gift";
  const what = box("what", document.createElement("b"), box("coins"), document.createElement("time"));
  what.querySelector(".coins").style.display = "inline";
  row.append(art, box("middle", label("div", "who"), what), box("acts", ...buttons), label("div", "words"));
  row.querySelector(".middle").style.minWidth = "0";
  return row;
}

export function writeGift(row, entry, now) {
  const gift = trim(clean(entry.gift.name, "gift"), 24);
  row.querySelector(".who").textContent = who(entry.viewer.name);
  row.querySelector(".what b").textContent = entry.count > 1 ? `${number(entry.count)} × ${gift}` : gift;
  row.querySelector(".coins").textContent = ` ${number(entry.total_coins)} `;
  row.querySelector("time").textContent = `· ${age(now - Date.parse(entry.at))}`;
  row.querySelector(".words").textContent = entry.message ? `“${clean(entry.message)}”` : "";
}
