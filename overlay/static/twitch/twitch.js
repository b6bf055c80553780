/* The page about Twitch: who is signed in, and the codes to enter. */

import { byId, el } from "../chat/dom.js";

const ASK_EVERY_MS = 2_000;
const DOTS = { connected: "good", starting: "busy", reconnecting: "busy", failed: "bad" };

const { csrf, ...first } = JSON.parse(byId("page-data").textContent);
const problem = byId("problem");
let shown = "";

function show(state) {
  const told = JSON.stringify(state);
  if (told === shown) return; // what has the focus keeps it
  shown = told;
  byId("dot").className = `dot ${DOTS[state.state] ?? ""}`;
  byId("cause").textContent = state.cause || state.state;
  byId("fix").textContent = state.fix;
  byId("fix").hidden = !state.fix;
  byId("accounts").replaceChildren(...state.accounts.map((account) => card(account, state)));
}

function card(account, state) {
  const who = account.who ? el("bdi", {}, account.who) : el("span", { class: "nobody" }, "nobody");
  return el(
    "li",
    { "data-account": account.name },
    el("h3", {}, `${account.title}: `, who),
    account.lacks.length > 0 ? lacking(account) : null,
    account.trouble ? el("p", { class: "problem" }, account.trouble) : null,
    account.code ? entering(account) : null,
    el("div", { class: "buttons" }, ...buttons(account, state)),
  );
}

function lacking(account) {
  const items = account.lacks.map(({ scope, deed }) => el("li", {}, `${deed} `, el("code", {}, scope)));
  return el("div", { class: "lacks" }, "giftcast may not yet:", el("ul", {}, ...items));
}

function entering(account) {
  const { code, address } = account.code;
  const link = el("a", { href: address, target: "_blank", rel: "noreferrer" }, address.split("?")[0].replace(/^https?:\/\//, ""));
  const qr = `/twitch/qr.svg?${new URLSearchParams({ account: account.name, code })}`;
  return el(
    "div",
    { class: "entering" },
    el("img", { src: qr, alt: "The same address for a telephone", width: 148, height: 148 }),
    el("p", {}, "Open ", link, " and enter", el("b", { class: "code mono" }, code)),
  );
}

function buttons(account, state) {
  const found = [];
  const name = account.title.startsWith("Bot") ? "bot" : account.title.toLowerCase();
  const how = account.who ? "again " : "";
  if (!account.code && state.ready) {
    const quiet = account.who ? " button-quiet" : "";
    found.push(button(`Sign in ${how}as ${name}`, `button${quiet}`, () => signIn(account, "code")));
  }
  if (state.browser) {
    found.push(button("Sign in with this browser", "button button-quiet", () => signIn(account, "browser")));
  }
  if (account.who || (account.code && !account.needed)) {
    const words = account.who ? "Sign out" : "Cancel";
    found.push(button(words, "button button-quiet", () => post("/twitch/sign-out", { account: account.name })));
  }
  return found;
}

function button(text, style, action) {
  const made = el("button", { class: style, type: "button" }, text);
  made.addEventListener("click", async () => {
    made.disabled = true;
    problem.hidden = true;
    try {
      await action();
      await refresh();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
    made.disabled = false;
  });
  return made;
}

async function signIn(account, way) {
  const { next } = await post("/twitch/sign-in", { account: account.name, way });
  if (next) location.assign(next);
}

async function post(path, value) {
  const answer = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(value),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${said.error} ${said.fix ?? ""}`.trim());
  return said;
}

async function refresh() {
  const answer = await fetch("/twitch/state", { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (answer.ok) show(await answer.json());
}

show(first);
setInterval(() => refresh().catch(() => {}), ASK_EVERY_MS);
