/* Layout: a card as a theme lays it out. The theme's `card.html` comes as a tree that the server has read and checked
   (overlay/theme_card.py): [name, attributes, [texts and trees]]. It is built element by element; nothing is parsed
   here. An element with a slot becomes the card's own of that meaning, with the class that the house's has. */

import { box, label } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";
const OWN = {
  art: "card-art",
  avatar: "face card-face",
  viewer: "card-name",
  deed: "card-deed",
  gift: "card-gift",
  count: "card-count",
  message: "card-message",
  fuse: "card-fuse",
  back: "card-back",
  words: "",
};

function grow([name, attributes, content], slots, drawing) {
  const svg = drawing || name === "svg";
  const element = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  const slot = attributes["data-slot"];
  if (slot) {
    slots[slot] = element;
    element.className = `${OWN[slot]} ${element.className}`.trim();
    if (slot !== "words") element.dir = "auto";
  }
  element.append(...content.map((each) => (typeof each === "string" ? each : grow(each, slots, svg))));
  return element;
}

/* The parts that cards.js and flair.js know. What the theme has no place for is there and not on the page. */
export function layOut(tree) {
  const slots = {};
  const element = box("card laid", ...tree.map((each) => (typeof each === "string" ? each : grow(each, slots, false))));
  const part = (slot) => slots[slot] ?? label("div", OWN[slot]);
  return {
    element,
    plate: element,
    art: part("art"),
    face: part("avatar"),
    name: part("viewer"),
    lead: part("deed"),
    gift: part("gift"),
    count: part("count"),
    words: part("message"),
    fuse: part("fuse"),
    back: part("back"),
    text: part("words"),
    halo: box("card-halo"),
    sheen: box("card-sheen"),
    spot: () => middleOf(part("art")),
  };
}

/* The middle of an element in px, wherever its motions have it now. */
function middleOf(element) {
  let x = element.offsetWidth / 2;
  let y = element.offsetHeight / 2;
  for (let each = element; each; each = each.offsetParent) {
    x += each.offsetLeft;
    y += each.offsetTop;
  }
  return [x, y];
}
