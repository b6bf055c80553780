/* The tray: how what was missed looks. A plate at the upper edge that names viewer after viewer, a page at a time. */

import { giftUrl, picture } from "./art.js";
import { paintFace } from "./face.js";
import { byViewer, rowsOf } from "./missed.js";
import { EASE, FADE_IN, FADE_OUT } from "./moves.js";
import { afterPaint } from "./paint.js";
import { giftsOf, unitsOf } from "./show.js";
import { box, label, number } from "./text.js";
import { giftName, nameOf } from "./words.js";

const KINDS = 3; // of gifts in one row; in a narrow one the dearest stands for all
const NARROW_FROM = 9; // rows on a page, in two columns

export const summary = (show) => {
  const units = unitsOf(show);
  const viewers = byViewer(show.members).length;
  return { gifts: `${number(units)} ${units === 1 ? "gift" : "gifts"}`, viewers: `${number(viewers)} ${viewers === 1 ? "viewer" : "viewers"}` };
};

/* What a screen reader hears of a page. */
export const spokenRows = (rows) =>
  rows.map((row) => `${nameOf(row.viewer)}: ${giftsOf(row).map((each) => `${number(each.units)} ${giftName(each.gift)}`).join(", ")}`).join("; ");

export function createTray({ root, unit, clock, sound, look, ear }) {
  const stand = box("tray-stand");
  root.append(stand);
  let tray = null; // { show, element, count, list, bar, stopWait }

  function build(show) {
    const count = label("div", "tray-count");
    const list = box("tray-list");
    const bar = box("tray-bar");
    const head = box("tray-head", box("tray-mark"), box("tray-title", label("div", "tray-lead", "While you were away"), count));
    const element = box("tray", box("tray-back"), head, list, box("tray-rail", bar));
    element.setAttribute("role", "img");
    return { show, element, count, list, bar };
  }

  function writeHead() {
    const { gifts, viewers } = summary(tray.show);
    const from = label("span", "tray-from", ` from ${viewers}`);
    tray.count.replaceChildren(label("b", "tray-gifts", gifts), from);
    tray.element.setAttribute("aria-label", `While you were away: ${gifts} from ${viewers}`);
    const seen = tray.show.members.filter((member) => member.state !== "waiting").length;
    tray.bar.style.transform = `scaleX(${tray.show.members.length ? seen / tray.show.members.length : 1})`;
  }

  function rowOf(row, narrow) {
    const face = box("face tray-face");
    face.hidden = !look().faces;
    paintFace(face, { name: row.viewer, avatar: row.members.at(-1).avatar });
    const name = label("div", "tray-name", nameOf(row.viewer));
    const sent = box("tray-sent");
    const all = giftsOf(row);
    const dearest = [...all].sort((a, b) => (b.gift.price_coins ?? 0) - (a.gift.price_coins ?? 0))[0];
    const gifts = narrow ? [{ gift: dearest.gift, units: all.reduce((sum, each) => sum + each.units, 0) }] : all;
    for (const { gift, units } of gifts.slice(0, KINDS)) {
      const art = box("tray-art");
      picture(giftUrl(gift.art, 96)).then((image) => art.append(Object.assign(image.cloneNode(), { alt: "" })));
      const each = box(`tray-gift${(Number(gift.tier) || 1) >= 5 ? " great" : ""}`, art);
      if (units > 1) each.append(label("span", "tray-units", `×${number(units)}`));
      sent.append(each);
    }
    const more = gifts.slice(KINDS).reduce((sum, each) => sum + each.units, 0);
    if (more) sent.append(label("span", "tray-units", `+${number(more)}`));
    return box("tray-row", face, name, sent);
  }

  function writeRows(rows) {
    const narrow = rowsOf(byViewer(tray.show.members).length) >= NARROW_FROM;
    tray.element.classList.toggle("narrow", narrow);
    const made = rows.map((row) => rowOf(row, narrow));
    tray.list.replaceChildren(...made);
    return made;
  }

  return {
    open(show) {
      tray = build(show);
      writeHead();
      const rows = rowsOf(byViewer(show.members).length);
      tray.element.style.setProperty("--rows", Math.min(byViewer(show.members).length, rows >= NARROW_FROM ? Math.ceil(rows / 2) : rows));
      stand.append(tray.element);
      const u = unit();
      const rise = [
        { opacity: 0, transform: `translateY(${-8 * u}px) scale(.94)` },
        { opacity: 1, transform: "none" },
      ];
      tray.element.animate(look().calm ? FADE_IN : rise, { duration: 560, easing: EASE.out });
    },
    page(show, rows, painted) {
      if (tray?.show !== show) return;
      writeHead();
      const made = writeRows(rows);
      const u = unit();
      made.forEach((row, i) =>
        row.animate(
          look().calm
            ? FADE_IN
            : [
                { opacity: 0, transform: `translateX(${look().way * 4 * u}px)` },
                { opacity: 1, transform: "none" },
              ],
          { duration: 380, delay: Math.min(40 * i, 320), easing: EASE.out, fill: "backwards" },
        ),
      );
      tray.stopWait?.();
      tray.stopWait = clock.after(Math.min(40 * made.length, 320) + 120, () => afterPaint(painted)); // the last row can be read
      ear.textContent = spokenRows(rows);
      sound.chime(1, rows.length);
    },
    write(show, rows) {
      if (tray?.show !== show) return;
      writeHead();
      writeRows(rows);
    },
    close(show, manner) {
      if (tray?.show !== show) return;
      const { element } = tray;
      tray.stopWait?.();
      tray = null;
      const gone = element.animate(FADE_OUT, { duration: manner === "cut" ? 140 : 380, easing: EASE.in, fill: "forwards" });
      gone.onfinish = () => element.remove();
      clock.after(800, () => element.remove());
    },
  };
}
