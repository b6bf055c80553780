/* What the overlay says: names, sentences and descriptions, from a show. English; nothing else prints words. */

import { coinsOf, giftsOf, isCrowd, messageOf, sendersOf, unitsOf } from "./show.js";
import { clean, number, trim, width } from "./text.js";

const NAME_ROOM = 24;
const CALL_ROOM = 25; // letters of a name in a roll call: as long as names of platforms are
const ALT_ROOM = 60;

export const nameOf = (viewer) => clean(viewer, "Someone");
export const giftName = (gift) => trim(clean(gift?.name, "a gift"), NAME_ROOM);

/* "Mira", "Mira, Jo +10": as many names as fit, newest first. */
export function names(show, room = NAME_ROOM) {
  const senders = sendersOf(show).reverse().map(nameOf);
  if (senders.length === 1) return senders[0];
  const said = shownOf(senders, room);
  const rest = senders.length - said.length;
  return said.join(", ") + (rest ? ` +${number(rest)}` : "");
}

function shownOf(senders, room) {
  const said = [];
  let used = 0;
  for (const name of senders) {
    const short = trim(name, 14);
    if (said.length && used + short.length + 2 > room) break;
    said.push(short);
    used += short.length + 2;
  }
  return said;
}

/* A name as it is called among many; and those that one line holds, from the first on: one at least. */
export const callName = (viewer) => trim(nameOf(viewer), CALL_ROOM);
export function lineOf(names, font, room_px) {
  let many = 1;
  while (many < names.length && width(names.slice(0, many + 1).join(", "), font) <= room_px) many += 1;
  return names.slice(0, many);
}

/* The second line of a card: what was sent, and by how many where it is a crowd. */
export function deed(show) {
  if (show.mixed) return { lead: "sent", gift: `${number(unitsOf(show))} gifts` };
  const many = isCrowd(show) ? sendersOf(show).length : 1;
  return { lead: many > 1 ? `${number(many)} viewers sent` : "sent", gift: giftName(show.gift) };
}

export const counter = (show) => {
  const units = unitsOf(show);
  if (isCrowd(show)) return `+${number(units)}`;
  return units > 1 ? `×${number(units)}` : "";
};

export const message = (show) => (isCrowd(show) ? "" : clean(messageOf(show)));

/* What a screen reader hears. */
export function spoken(show) {
  const gifts = giftsOf(show)
    .slice(0, 4)
    .map((each) => `${number(each.units)} ${giftName(each.gift)}`)
    .join(", ");
  const what = show.mixed || isCrowd(show) ? gifts : `${unitsOf(show) > 1 ? `${number(unitsOf(show))} × ` : ""}${giftName(show.gift)}`;
  const alt = clean(show.gift?.alt);
  return `${show.encore ? "Replay: " : ""}${names(show, ALT_ROOM)} sent ${what}${alt ? ` (${trim(alt, 120)})` : ""}, ${number(coinsOf(show))} coins`;
}
