/* The viewers one can type as. Added ones stay for this browser tab. */

import { avatar, byId, el, hue, icon } from "./dom.js";

const KEY = "giftcast.chat.viewers";
const ADDED_MAX = 20;

export function createCast(given, onChange) {
  const box = byId("viewers");
  const form = byId("add-form");
  const opener = byId("add-open");
  const field = byId("add-name");
  const viewers = [...given];
  let chosen = null;

  function face(viewer) {
    const radio = el("input", { type: "radio", name: "viewer" });
    radio.addEventListener("change", () => {
      chosen = viewer;
      onChange(viewer, false);
    });
    // A pick with the pointer goes on to the message; a pick with the arrow keys stays here.
    radio.addEventListener("click", (event) => { if (event.detail > 0) onChange(viewer, true); });
    const shield = viewer.role === "moderator" ? el("span", { class: "sword", title: "Moderator" }, icon("shield"), el("span", { class: "unseen" }, "moderator")) : null;
    box.append(el("label", { class: `viewer ${hue(viewer.name)}` }, radio, el("span", { class: "face" }, avatar(viewer.name), el("bdi", {}, viewer.name), shield)));
    return radio;
  }

  function choose(radio, viewer, focus) {
    radio.checked = true;
    radio.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    chosen = viewer;
    onChange(viewer, focus);
  }

  function open(wide) {
    form.hidden = !wide;
    opener.setAttribute("aria-expanded", String(wide));
    if (wide) field.focus();
    else field.value = "";
  }

  opener.addEventListener("click", () => open(form.hidden));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    opener.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim().replace(/^@/, "").replace(/\s+/g, " ");
    if (!name) return;
    const place = viewers.findIndex((viewer) => viewer.name.toLowerCase() === name.toLowerCase());
    open(false);
    if (place >= 0) {
      choose(box.querySelectorAll("input")[place], viewers[place], true);
      return;
    }
    const viewer = { name, role: "viewer" };
    viewers.push(viewer);
    remember(viewers.slice(given.length));
    choose(face(viewer), viewer, true);
  });

  for (const name of remembered()) {
    if (!viewers.some((viewer) => viewer.name.toLowerCase() === name.toLowerCase())) viewers.push({ name, role: "viewer" });
  }
  if (viewers.length === 0) viewers.push({ name: "Mia", role: "viewer" });
  const radios = viewers.map(face);
  choose(radios[0], viewers[0], false);
  return { current: () => chosen };
}

function remembered() {
  try {
    const names = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string").slice(0, ADDED_MAX) : [];
  } catch {
    return [];
  }
}

function remember(viewers) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(viewers.slice(-ADDED_MAX).map((viewer) => viewer.name)));
  } catch {
    // A browser without storage forgets them, no more.
  }
}
