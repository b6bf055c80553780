/* The chat's lines and what giftcast said to each. Follows the newest line unless the reader scrolled up. */

import { avatar, byId, el, hue, icon, picture } from "./dom.js";

const LINES_MAX = 300;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function createLog() {
  const scroller = byId("scroller");
  const lines = byId("lines");
  const newer = byId("newer");
  let follows = true;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  scroller.addEventListener("scroll", () => {
    follows = atEnd();
    if (follows) newer.hidden = true;
  });
  newer.addEventListener("click", toEnd);

  function toEnd() {
    follows = true;
    newer.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  function settle() {
    if (follows) toEnd();
    else newer.hidden = false;
  }

  new ResizeObserver(() => { if (follows) toEnd(); }).observe(scroller);

  /* Adds a line; the returned functions show what came of it. */
  function add({ viewer, text, gift, expects }) {
    byId("welcome").hidden = true;
    const now = new Date();
    const body = el("div", { class: "line-body" },
      el("p", { class: "line-head" },
        el("bdi", { class: "who" }, viewer.name),
        viewer.role === "moderator"
          ? el("span", { class: "sword", title: "Moderator" }, icon("shield"), el("span", { class: "unseen" }, "moderator")) : null,
        el("time", { datetime: now.toISOString() }, clock.format(now))),
      el("p", { class: "said", dir: "auto" }, text, gift ? inline(gift) : null));
    lines.append(el("li", { class: `line ${hue(viewer.name)}` }, avatar(viewer.name), body));
    while (lines.children.length > LINES_MAX) lines.firstElementChild.remove();
    let reply = null;

    function put(next) {
      if (reply) reply.remove();
      reply = next;
      if (next) body.append(next);
      settle();
    }

    function wait() {
      put(el("div", { class: "reply pending", "aria-hidden": "true" }, el("span", { class: "dots" }, el("i"), el("i"), el("i"))));
    }

    if (expects) wait();
    follows = true;
    toEnd();
    return {
      wait,
      /* tone: ok | refused | trouble */
      say(tone, words, fix = "", onAgain = null) {
        if (!words) return put(null);
        return put(bubble(tone, words, fix, onAgain));
      },
    };
  }

  return { add };
}

const MARKS = { ok: ["tick", "Done: "], refused: ["stop", "Refused: "], trouble: ["stop", "Problem: "] };

function bubble(tone, words, fix, onAgain) {
  const [mark, spoken] = MARKS[tone];
  const sign = icon(mark);
  sign.setAttribute("class", "reply-mark");
  const inside = el("div", { class: "reply-words" }, el("p", { dir: "auto" }, el("span", { class: "unseen" }, spoken), words));
  if (fix) inside.append(el("p", { class: "reply-fix" }, fix));
  if (onAgain) {
    const again = el("button", { class: "button button-quiet again", type: "button" }, icon("again"), "Retry");
    again.addEventListener("click", onAgain, { once: true });
    inside.append(again);
  }
  return el("div", { class: `reply ${tone}` }, sign, inside);
}

function inline(gift) {
  const image = picture(gift, 96, 22);
  if (image) image.className = "said-gift";
  return image;
}
