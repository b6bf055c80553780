/* Pins: a gift that a moderator keeps in sight, as a small plate at the upper edge on the side of the cards. It comes as a
   state, so a reload shows it again; its time is counted here, from the server's two clocks. */

import { giftUrl, paletteOf, picture } from "./art.js";
import { paintFace } from "./face.js";
import { EASE, FADE_IN, FADE_OUT } from "./moves.js";
import { createShow, memberOf } from "./show.js";
import { box, fit, fontOf, label, number } from "./text.js";
import { counter, giftName, message, nameOf } from "./words.js";

const ROOM = 30; // units of width
const LONGEST_MS = 600_000;

/* Milliseconds that are left of a pin, on the clock of whoever said it. */
export const leftOf = ({ data, at }) => Math.min(LONGEST_MS, Date.parse(data.until) - Date.parse(at)) || 0;

export function createPins({ root, unit, clock, look }) {
  const stand = box("pin-stand");
  root.append(stand);
  let pin = null; // { id, element, stop }

  function build(show, member) {
    const u = unit();
    const face = box("face pin-face");
    face.hidden = !look().faces;
    paintFace(face, { name: member.viewer, avatar: member.avatar });
    const name = label("div", "pin-name", fit(nameOf(member.viewer), fontOf(800, 3 * u), ROOM * u));
    const words = look().messages ? message(show) : "";
    const what = `${giftName(member.gift)} ${counter(show)}`.trim();
    const line = label("div", "pin-line", words ? fit(words, fontOf(600, 2.3 * u), ROOM * u) : what);
    const art = box("pin-art");
    picture(giftUrl(member.gift.art, 256)).then((image) => art.append(Object.assign(image.cloneNode(), { alt: "" })));
    const bar = box("pin-bar");
    const element = box("pin", box("pin-back"), art, box("pin-text", box("pin-who", face, name), line), bar);
    paletteOf(member.gift.art).then((palette) => {
      element.style.setProperty("--accent", palette.main);
      element.style.setProperty("--accent-light", palette.light);
      element.style.setProperty("--accent-deep", palette.deep);
      element.style.setProperty("--second", palette.second);
    });
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", `Pinned: ${nameOf(member.viewer)} sent ${number(member.count)} ${giftName(member.gift)}`);
    return { element, bar };
  }

  function close() {
    if (!pin) return;
    const { element, stop } = pin;
    pin = null;
    root.classList.remove("pinned");
    stop();
    const gone = element.animate(FADE_OUT, { duration: 320, easing: EASE.in, fill: "forwards" });
    gone.onfinish = () => element.remove();
    clock.after(700, () => element.remove());
  }

  /* A frame of the state; again, when its words or its time have changed. */
  function show(frame) {
    const left = leftOf(frame);
    if (frame.data.gone || left <= 0) return close();
    const member = memberOf(frame, clock.now());
    const same = pin?.id === member.id;
    const { element, bar } = build(createShow(member, "card"), member);
    if (same) pin.element.remove();
    else close();
    pin?.stop();
    stand.append(element);
    root.classList.add("pinned");
    const u = unit();
    const rise = [
      { opacity: 0, transform: `translateY(${-7 * u}px) scale(.8)` },
      { opacity: 1, transform: "none" },
    ];
    if (!same) element.animate(look().calm ? FADE_IN : rise, { duration: 620, easing: look().calm ? "ease-out" : EASE.back });
    bar.animate([{ transform: "none" }, { transform: "scaleX(0)" }], { duration: Math.max(1, left), fill: "forwards" });
    pin = { id: member.id, element, stop: clock.after(left, close) };
    return undefined;
  }

  return { show, state: () => pin?.id ?? null };
}
