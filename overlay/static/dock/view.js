/* The view: draws what the desk knows. `say(line, {undo})` does something; `choices` is what the command `alerts` offers. */

import { box, clean, number } from "../stage/text.js";
import { createList } from "./list.js";
import { ask, giftRow, icon, iconButton, writeGift } from "./parts.js";
import { age, banner, onScreen, plural, said, taken } from "./words.js";

const at = (id) => document.getElementById(id);
const EMPTY = { count: 0, coins: 0, gifts: [] };
const PIN_S = 20;

export function createView({ say, choices, now, demo = false, still = false }) {
  const can = new Set(choices);
  let desk = { paused: false, muted: false, live: null, queue: EMPTY, waiting: EMPTY, log: [] };
  let sources = null;
  let pin = null;

  // --- what plays ---

  function control(action, words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "control";
    button.dataset.action = action;
    button.append(icon(action), Object.assign(document.createElement("span"), { textContent: words }));
    button.addEventListener("click", () => act(button));
    return button;
  }

  function face(button, action, words, on) {
    button.querySelector("use").setAttribute("href", `#icon-${action}`);
    button.querySelector("span").textContent = words;
    button.classList.toggle("on", on);
    button.setAttribute("aria-pressed", String(on));
  }

  const pause = control("pause", "Pause", () => (desk.paused ? say("alerts resume", { undo: "alerts pause" }) : say("alerts pause", { undo: "alerts resume" })));
  const mute = control("mute", "Mute", () => (desk.muted ? say("alerts unmute", { undo: "alerts mute" }) : say("alerts mute", { undo: "alerts unmute" })));
  const skip = control("skip", "Skip", () => say("alerts skip"));
  const clear = control("clear", "Clear", (from) =>
    ask({
      place: at("controls"),
      from,
      words: `Send all ${plural(desk.queue.count, "waiting gift")} back?`,
      yes: "Clear",
      act: () => say("alerts clear"),
    }),
  );
  at("controls").append(pause, skip, mute, clear);

  const playing = createList({
    root: at("now"),
    make(entry) {
      if (entry.idle) return Object.assign(document.createElement("li"), { className: "idle" });
      const row = giftRow(entry.gift, extras(entry.gift));
      const left = box("left");
      row.append(left);
      left.style.transform = `scaleX(${entry.left})`;
      if (!still) left.animate({ transform: [`scaleX(${entry.left})`, "scaleX(0)"] }, { duration: entry.lasts - entry.passed, fill: "forwards" });
      return row;
    },
    write(row, entry) {
      if (entry.idle) row.textContent = entry.idle;
      else writeGift(row, entry.gift, now());
    },
  });

  const pinned = createList({
    root: at("pinned"),
    make: (gift) => giftRow(gift, [iconButton("unpin", "Unpin it", () => say("alerts unpin"))]),
    write(row, gift) {
      writeGift(row, gift, now());
      row.querySelector("time").textContent = `· pinned, ${Math.max(0, Math.ceil((Date.parse(gift.until) - now()) / 1000))} s`;
    },
  });

  // --- what waits ---

  /* Buttons that are there when the desk can do it. */
  function extras(gift) {
    const found = [];
    if (can.has("replay")) found.push(iconButton("replay", "Play it again", () => say(`alerts replay ${gift.gift_id}`)));
    if (can.has("pin")) found.push(iconButton("pin", `Pin it for ${PIN_S} s`, () => say(`alerts pin ${gift.gift_id} ${PIN_S}`, { undo: can.has("unpin") ? "alerts unpin" : "" })));
    return found;
  }

  const waiting = createList({
    root: at("waiting"),
    make: (gift) =>
      giftRow(gift, [
        iconButton("approve", "Show it", () => say(`approve ${gift.gift_id}`, { undo: `alerts skip ${gift.gift_id}` })),
        iconButton("deny", "Do not show it: the coins go back", () => say(`deny ${gift.gift_id}`)),
      ]),
    write: (row, gift) => writeGift(row, gift, now()),
  });

  const queue = createList({
    root: at("queue"),
    make(gift) {
      const back = iconButton("skip", "Skip it: the coins go back", () =>
        ask({ place: row, from: back, words: "Send it back unseen?", yes: "Send back", act: () => say(`alerts skip ${gift.gift_id}`) }),
      );
      const row = giftRow(gift, [back]);
      return row;
    },
    write(row, gift) {
      writeGift(row, gift, now());
      row.classList.toggle("leaving", gift.leaving);
      if (gift.leaving) row.querySelector("time").textContent = "· going back";
    },
  });

  // --- what was ---

  const log = createList({
    root: at("log"),
    make(entry) {
      if (entry.what === "shown" && entry.gift) {
        const { gift } = entry;
        const back = iconButton("refund", "Refund it", () =>
          ask({ place: row, from: back, words: `Take it back and give ${plural(gift.total_coins, "coin")} back?`, yes: "Refund", act: () => say(`refund ${gift.gift_id}`) }),
        );
        const row = giftRow(gift, [...extras(gift), back]);
        return row;
      }
      const text = document.createElement("p");
      text.append(document.createElement("b"), document.createElement("bdi"));
      const row = document.createElement("li");
      row.className = "act";
      row.append(text, document.createElement("time"));
      return row;
    },
    write(row, entry) {
      if (row.className.startsWith("gift")) {
        writeGift(row, { ...entry.gift, at: entry.at }, now());
        row.classList.toggle("gone", entry.gone);
        for (const button of row.querySelectorAll(".icon")) button.disabled = entry.gone;
        return;
      }
      const [by, what] = said(entry);
      row.querySelector("b").textContent = by;
      row.querySelector("bdi").textContent = ` ${what}`;
      row.querySelector("time").textContent = age(now() - Date.parse(entry.at));
    },
  });

  // --- OBS and chats ---

  function place({ name, words, dot, bad, lacks = "" }) {
    const row = document.createElement("li");
    row.className = bad ? "place bad" : "place";
    const light = document.createElement("span");
    light.className = `dot ${dot}`;
    row.append(light, Object.assign(document.createElement("b"), { textContent: clean(name), dir: "auto" }), Object.assign(document.createElement("span"), { textContent: words }));
    if (lacks) row.append(Object.assign(document.createElement("p"), { textContent: lacks }));
    return row;
  }

  function drawPlaces() {
    if (!sources) return;
    const pages = sources.sources.map((source) => ({
      name: source.name,
      words: source.active ? "on air" : source.online ? "open, not on air" : "offline",
      dot: source.active ? "good" : source.online ? "busy" : "bad",
      bad: !source.online,
      lacks: source.missing ? `It shows nothing: ${source.missing.setting} is not set. ${source.missing.command}` : "",
    }));
    const chats = sources.platforms.map((platform) => ({
      name: platform.name === "simulator" ? "Simulated chat" : `${platform.name.slice(0, 1).toUpperCase()}${platform.name.slice(1)}`,
      words: platform.state.replaceAll("_", " "),
      dot: platform.state === "connected" ? "good" : platform.state === "failed" ? "bad" : "busy",
      bad: platform.state === "failed",
    }));
    at("places").replaceChildren(...[...pages, ...chats].map(place));
    at("places-none").hidden = pages.length > 0;
  }

  function sum(id, { count, coins }) {
    at(id).textContent = count ? `${number(count)} · ${plural(coins, "coin")}` : "";
  }

  /* Everything that depends on the time of day: ages, and what is on screen. */
  function draw() {
    const played = onScreen(desk.log, now());
    const gone = taken(desk.log);
    const idle = desk.paused ? "Paused" : desk.queue.count ? "About to play" : "Nothing plays";
    playing.set(played.length ? played.map((entry) => ({ ...entry, key: entry.id })) : [{ key: "idle", idle }]);
    pinned.set(pin && Date.parse(pin.until) > now() ? [{ ...pin, key: pin.gift_id }] : []);
    face(pause, desk.paused ? "resume" : "pause", desk.paused ? "Resume" : "Pause", desk.paused);
    face(mute, desk.muted ? "unmute" : "mute", desk.muted ? "Unmute" : "Mute", desk.muted);
    clear.disabled = desk.queue.count === 0;
    waiting.set(desk.waiting.gifts.map((gift) => ({ ...gift, key: gift.gift_id })));
    queue.set(desk.queue.gifts.map((gift) => ({ ...gift, key: gift.gift_id })));
    log.set(desk.log.map((entry) => ({ ...entry, key: entry.id, gone: entry.gift !== null && gone.has(entry.gift?.gift_id) })));
    sum("waiting-sum", desk.waiting);
    sum("queue-sum", desk.queue);
    at("waiting-part").hidden = desk.waiting.count === 0;
    at("queue-none").hidden = desk.queue.count > 0;
    const more = desk.queue.count - desk.queue.gifts.length;
    at("queue-more").hidden = more <= 0;
    at("queue-more").textContent = `and ${plural(more, "gift")} more`;
    at("log-none").hidden = desk.log.length > 0;
    const word = banner({ ...desk, sources, demo });
    at("banner").hidden = word === null;
    at("banner").textContent = word?.text ?? "";
    at("banner").classList.toggle("bad", word?.bad ?? false);
  }

  return {
    desk(data) {
      desk = data;
      draw();
    },
    pin(data) {
      pin = data.gone ? null : data;
      draw();
    },
    sources(data) {
      sources = data;
      drawPlaces();
      draw();
    },
    draw,
    current: () => desk,
  };
}
