/* A sample: a card in a theme's layout that is measured and taken away again before anything is painted. What its places
   hold depends on the theme's own rules, so it is laid out by them; the card itself may not be on the page yet. */

const HAIR = "\u200a"; // scrollWidth is rounded: a word that fits by less than this may be cut
const SMALLEST = 0.6; // of its size, to which a name is set smaller in one line

const isThere = (element) => element.getClientRects().length > 0;
const reaches = (element) => element.scrollWidth > element.clientWidth;

/* Whether one of those around an element cuts it off. */
function isCut(element, end) {
  const { left, right } = element.getBoundingClientRect();
  for (let each = element.parentElement; each; each = each === end ? null : each.parentElement) {
    if (each !== end && getComputedStyle(each).overflowX === "visible") continue;
    const around = each.getBoundingClientRect();
    if (left < around.left - 1 || right > around.right + 1) return true;
  }
  return false;
}

/* Lists of the first names that fit into its place for a name, at least one, and of the next into that for a message.
   card: as cards.js builds it; root: the element of the lanes. */
export function sampleLines(card, root, names) {
  const { element, name, words } = card;
  const fits = (place) => !reaches(place) && !isCut(place, root);
  const height = (place) => Math.max(place.scrollHeight, place.clientHeight);

  /* How many of `some` the place holds: without growing, and without taking room from the others. */
  function held(place, some, least) {
    let tall = 0;
    for (let many = 1; many <= some.length; many += 1) {
      place.textContent = some.slice(0, many).join(", ") + HAIR;
      if (many === 1 && isThere(place)) tall = height(place);
      const holds = isThere(place) && place.scrollHeight <= tall && fits(place) && (place === name || least.every(fits));
      if (!holds) return many - 1;
    }
    return some.length;
  }

  element.classList.add("sample", "told");
  root.append(element);
  const first = names.slice(0, Math.max(1, held(name, names, [])));
  name.textContent = first.join(", ");
  const rest = names.slice(first.length);
  const more = rest.slice(0, held(words, rest, fits(name) ? [name] : []));
  element.remove();
  return [first, more];
}

/* As large as the theme has it. */
export const unshrunk = (place) => void Object.assign(place.style, { fontSize: "", whiteSpace: "", overflowWrap: "", lineHeight: "" });

/* Sets names that are too long for their place smaller; if that were too small, in two lines of half the size, which are as
   high as one. */
export function shrink(place) {
  unshrunk(place);
  if (!reaches(place)) return;
  const wide = (place.clientWidth - 1) / place.scrollWidth;
  const size = (parseFloat(getComputedStyle(place).fontSize) * 100) / Math.min(innerWidth, innerHeight);
  place.style.fontSize = `${size * (wide < SMALLEST ? 0.5 : wide)}vmin`; // of the page, whatever size that will have
  if (wide < SMALLEST) Object.assign(place.style, { whiteSpace: "normal", overflowWrap: "anywhere", lineHeight: "1" });
}
