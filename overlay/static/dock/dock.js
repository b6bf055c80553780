/* The moderator dock: a socket that tells what is, a view of it, and acts. It rests while nobody sees it. */

import { newId } from "../chat/send.js";
import { clock } from "../stage/clock.js";
import { openLink } from "../stage/link.js";
import { createActs, poster } from "./acts.js";
import { playDemo } from "./demo.js";
import { createView } from "./view.js";

const TICK_MS = 1_000;
const TOAST_MS = 8_000;
const REST_MS = 10_000; // hidden for so long: the socket is closed
const MINE = "giftcast.moderator";

const at = (id) => document.getElementById(id);
const page = JSON.parse(at("page-data").textContent);
let skew = 0; // of the server's clock, ms
let link = null;
const now = () => clock.date() + skew;

function remembered() {
  try {
    return localStorage.getItem(MINE) ?? "";
  } catch {
    return ""; // forbidden by the browser's settings
  }
}

at("me").value = page.demo ? "Nova" : remembered();
at("me").addEventListener("change", () => {
  try {
    localStorage.setItem(MINE, at("me").value.trim());
  } catch {
    // it is asked for again
  }
});

let hush = null;
function told({ text, ok, undo, login }) {
  const words = Object.assign(document.createElement("p"), { textContent: text, dir: "auto" });
  const parts = [words];
  const button = (label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    made.addEventListener("click", act);
    parts.push(made);
  };
  if (login) button("Log in", logIn);
  else if (undo)
    button("Undo", () => {
      at("toast").hidden = true;
      acts.say(undo);
    });
  at("toast").replaceChildren(...parts);
  at("toast").classList.toggle("bad", !ok);
  at("toast").hidden = false;
  hush?.();
  hush = clock.after(TOAST_MS, () => (at("toast").hidden = true));
}

const logIn = () => location.assign("/login?next=/dock");

function state(word, dot) {
  at("where").textContent = word;
  at("dot").className = `dot ${dot}`;
}

const demo = page.demo ? playDemo({ clock, query: new URLSearchParams(location.search), on: frame }) : null;
const acts = createActs({
  post: demo ? demo.post : poster(page.csrf),
  newId,
  name: () => at("me").value.trim(),
  stage: page.stage ?? "main",
  clock,
  told,
});
const view = createView({ say: acts.say, choices: demo ? demo.choices : page.choices, now: demo ? demo.now : now, demo: page.demo, still: demo?.still });

function frame({ type, at: time, data }) {
  if (time) skew = Date.parse(time) - clock.date();
  if (type === "desk.changed") {
    view.desk(data);
    state(data.live === true ? "Live" : data.live === false ? "Off air" : "Connected", data.live === false ? "" : "good");
  } else if (type === "pin.changed") view.pin(data);
  else if (type === "sources.changed") view.sources(data);
}

function connect() {
  link = openLink({
    url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/dock/socket?stage=${encodeURIComponent(page.stage)}`,
    clock,
    hello: () => ({ type: "hello" }),
    on: {
      welcome: () => state("Connected", "good"),
      frame,
      lost: () => state("No answer from giftcast", "bad"),
      refused() {
        state("Logged out", "bad");
        told({ text: "You are logged out.", ok: false, login: true });
      },
    },
  });
}

let drowse = null;
function look() {
  drowse?.();
  drowse = null;
  if (document.hidden) {
    drowse = clock.after(REST_MS, () => {
      link?.stop();
      link = null;
      state("Resting", "");
    });
  } else if (!link) connect();
}

/* Ages go on by themselves, as long as somebody looks. */
function tick() {
  if (!document.hidden) view.draw();
  clock.after(TICK_MS, tick);
}

at("leave").addEventListener("click", async () => {
  if (demo) return;
  await fetch("/logout", { method: "POST", headers: { "X-CSRF-Token": page.csrf } }).catch(() => null);
  logIn();
});
at("stage").textContent = page.stage && page.stage !== "main" ? page.stage : "";

if (demo) {
  state("Demonstration", "good");
  demo.begin();
  if (!demo.still) tick();
} else {
  document.addEventListener("visibilitychange", look);
  look();
  tick();
}
window.__dock = { state: () => link?.state() ?? (demo ? "demo" : "resting"), desk: view.current };
