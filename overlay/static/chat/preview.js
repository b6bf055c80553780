/* The overlay over a pretend stream, and the link for OBS.

   A page in the frame may tell its state by `postMessage({ type: "giftcast.overlay", state })`, state being
   "connected", "lost" or "refused". Without such a word we only know that it was loaded. */

import { byId } from "./dom.js";
import { dragLink } from "./drag.js";
import { newSource } from "./source.js";

const KEY = "giftcast.chat.backdrop";
const COPIED_MS = 2_000;
const STATES = {
  starting: ["busy", "Starting"],
  open: ["good", "Preview open"],
  connected: ["good", "Preview connected"],
  lost: ["busy", "Reconnecting"],
  refused: ["bad", "Link no longer valid"],
  missing: ["", "No overlay"],
};

export function createPreview(overlayUrl, csrf) {
  const frame = byId("overlay");
  const url = webUrl(overlayUrl);
  let told = false;

  function show(state) {
    const [tone, words] = STATES[state];
    byId("preview-dot").className = `dot ${tone}`;
    byId("preview-state").textContent = words;
  }

  backdrops();
  if (!url) {
    show("missing");
    byId("missing").hidden = false;
    byId("copy").hidden = true;
    return;
  }
  show("starting");
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== url.origin) return;
    if (event.data?.type !== "giftcast.overlay" || !["connected", "lost", "refused"].includes(event.data.state)) return;
    told = true;
    show(event.data.state);
  });
  frame.addEventListener("load", () => { if (!told) show("open"); });
  frame.src = url.href;
  copyButton(csrf);
}

function webUrl(text) {
  try {
    const url = new URL(text, location.href);
    return text && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function copyButton(csrf) {
  const label = byId("copy-label");
  const words = label.textContent;
  const sign = byId("copy").querySelector("use");
  const mark = (done) => {
    label.textContent = done ? "Copied" : words;
    sign.setAttribute("href", done ? "#icon-tick" : "#icon-copy");
    byId("copy").classList.toggle("done", done);
  };
  byId("copy").addEventListener("click", async () => {
    let href = null;
    try {
      href = await newSource(csrf);
    } catch (problem) {
      label.textContent = problem.message;
    }
    if (!href) return;
    byId("link").value = href;
    dragLink(href);
    byId("link-row").hidden = false;
    try {
      await navigator.clipboard.writeText(href);
      mark(true);
      setTimeout(() => mark(false), COPIED_MS);
    } catch {
      byId("link").select();
    }
  });
}

function backdrops() {
  const screen = byId("screen");
  const radios = [...document.querySelectorAll('input[name="backdrop"]')];
  const kept = radios.find((radio) => radio.value === stored());
  if (kept) kept.checked = true;
  const apply = () => { screen.dataset.backdrop = radios.find((radio) => radio.checked).value; };
  for (const radio of radios) {
    radio.addEventListener("change", () => {
      apply();
      try {
        localStorage.setItem(KEY, radio.value);
      } catch {
        // Not kept, then.
      }
    });
  }
  apply();
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
