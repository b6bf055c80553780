/* Faces: a viewer's avatar, or the first letter of their name on a colour that stays theirs. */

import { clean, graphemes } from "./text.js";

const PATH = /^\/avatars\/[0-9a-f]{32}\.webp$/; // ours; nothing else is ever asked for

/* The same colour for the same name, wherever it is shown. */
export function hueOf(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360_007;
  return sum % 360;
}

export const initialOf = (name) => (graphemes(name).find((letter) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(letter)) ?? "?").toLocaleUpperCase("en");

/* Writes a face into an element: { name, avatar }. A picture that does not come leaves the letter. */
export function paintFace(element, { name, avatar }) {
  const called = clean(name, "Someone");
  const key = `${called}\n${avatar ?? ""}`;
  if (element.dataset.face === key) return;
  element.dataset.face = key;
  element.style.setProperty("--hue", hueOf(called));
  element.textContent = initialOf(called);
  if (!PATH.test(avatar ?? "")) return;
  const image = Object.assign(new Image(), { alt: "", src: avatar });
  image.decode().then(
    () => element.dataset.face === key && element.append(image),
    () => {},
  );
}
