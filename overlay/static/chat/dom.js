/* Small helpers to build the page. Text goes in as text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/* el("p", { class: "said", dir: "auto" }, "text", otherElement) */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

const NAME = /^[a-z0-9-]{1,64}$/;

export function picture(gift, size, px) {
  if (!NAME.test(gift.art ?? "")) return null;
  const image = el("img", { src: `/art/gifts/${gift.art}-${size}.webp`, alt: "", width: px, height: px, decoding: "async" });
  image.addEventListener("error", () => { image.style.visibility = "hidden"; }, { once: true });
  return image;
}

const numbers = new Intl.NumberFormat("en");
export const coinWords = (coins) => `${numbers.format(coins)} ${coins === 1 ? "coin" : "coins"}`;
export const number = (value) => numbers.format(value);

export function coins(amount, { long = false } = {}) {
  const words = long ? coinWords(amount) : number(amount);
  const box = el("span", { class: "coins" }, icon("coin"), words);
  if (!long) box.append(el("span", { class: "unseen" }, amount === 1 ? " coin" : " coins"));
  return box;
}

const graphemes = new Intl.Segmenter();

/* A round face with the first letter, in a colour that stays with the name. */
export function avatar(name) {
  const first = [...graphemes.segment(name)][0]?.segment ?? "?";
  return el("span", { class: "avatar", "aria-hidden": "true" }, first.toLocaleUpperCase());
}

export function hue(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return `hue-${sum % 8}`;
}
