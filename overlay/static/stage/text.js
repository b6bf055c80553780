/* Text from strangers: cleaned, cut at whole characters, and only ever set as text. */

const ODD = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const MARKS = /(\p{M}{2})\p{M}+/gu; // more than two marks on one letter is scribble
const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

const segmenter = globalThis.Intl?.Segmenter ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const numbers = new Intl.NumberFormat("en", { useGrouping: true });

export const graphemes = (text) => (segmenter ? Array.from(segmenter.segment(text), (part) => part.segment) : Array.from(text));

export function clean(text, otherwise = "") {
  const tidy = String(text ?? "")
    .normalize("NFC")
    .replace(ODD, " ")
    .replace(MARKS, "$1")
    .replace(/\s+/gu, " ")
    .trim();
  return tidy || otherwise;
}

/* Cuts to about `room` letters' width (wide scripts and emoji count double) and marks the cut. */
export function trim(text, room) {
  const parts = graphemes(text);
  let width = 0;
  for (let i = 0; i < parts.length; i += 1) {
    width += WIDE.test(parts[i]) ? 1.8 : 1;
    if (width > room && i > 0) return `${parts.slice(0, i).join("").trimEnd()}…`;
  }
  return text;
}

let pen = null;

export function width(text, font) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = font;
  return pen.measureText(text).width;
}

let family = "";

/* The page wears another type now. */
export const forgetFonts = () => void (family = "");

/* A CSS font in the page's own type. */
export function fontOf(weight, size_px) {
  family ||= getComputedStyle(document.body).fontFamily;
  return `${weight} ${size_px}px ${family}`;
}

/* Cuts to the width in pixels that `font` (a CSS font) leaves; measured, so that scripts of any width fit. */
export function fit(text, font, room_px) {
  if (width(text, font) <= room_px) return text;
  const parts = graphemes(text);
  let least = 1;
  let most = parts.length - 1;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (width(`${parts.slice(0, middle).join("")}…`, font) <= room_px) least = middle;
    else most = middle - 1;
  }
  return `${parts.slice(0, least).join("").trimEnd()}…`;
}

export const number = (value) => numbers.format(value);

/* An element with text that keeps its own direction, whatever stands beside it. */
export function label(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.dir = "auto";
  element.textContent = text;
  return element;
}

export function box(name, ...children) {
  const element = document.createElement("div");
  element.className = name;
  element.append(...children);
  return element;
}

/* Adds style sheets to the page, once each, in the house's layer: a theme and OBS's Custom CSS lie over it. */
export function useStyles(...addresses) {
  for (const href of addresses) {
    if (document.querySelector(`style[data-href="${href}"]`)) continue;
    const sheet = document.createElement("style");
    sheet.dataset.href = href;
    sheet.textContent = `@import url("${href}") layer(house);`;
    document.head.append(sheet);
  }
}
