/* Boot: makes the stage for one widget page and opens its link.

   A widget is `export default function start(stage)`. The stage it gets:
     root              the element to draw into (fills the page)
     clock             now(), date(), after(ms, act) → call off
     settings()        the settings of the last welcome
     on(type, act)     frames by type ("gift.sent", "goal.changed" …: act(frame)), and the stage's own:
                       "welcome" (act(welcome, first)), "lost" (), "presence" ({visible, active}), "leave" (),
                       "dressed" (): another theme is worn now
     receipts          what is owed to the server about gifts (see receipts.js)
     presence()        {visible, active}
     wardrobe          the theme that the page wears: tinted(particles), first (see wardrobe.js)
     expose(more)      adds to window.__giftcast, the page's record for tests

   What is no gift to be played comes as states: on each connection all that the widget's `events` name ("board.changed",
   "goal.changed", "show.changed" …), later what changes. A frame of a state holds all of one thing; `gone` ends it.
   Every page gets states, also one that stands by. With `?demo` the page plays the widget's own demo (demo.js). */

import { owned, tellOwn } from "./art.js";
import { clock } from "./clock.js";
import { playDemo } from "./demo.js";
import { openLink } from "./link.js";
import { openMemory } from "./memory.js";
import { watchPresence } from "./presence.js";
import { createReceipts } from "./receipts.js";
import { createWardrobe } from "./wardrobe.js";

const INVALID = "This overlay link is no longer valid. Copy a new one from giftcast.";

/* A page of ours that shows this one in a frame learns how it fares; the word holds nothing secret. */
function tellFrame(state) {
  if (window.parent !== window) window.parent.postMessage({ type: "giftcast.overlay", state }, "*");
}

async function boot() {
  const widget = document.querySelector("script[data-widget]").dataset.widget;
  const token = decodeURIComponent(location.hash.slice(1));
  const root = document.getElementById("stage");
  const notice = document.getElementById("notice");
  const acts = new Map();
  const tell = (type, ...values) => acts.get(type)?.forEach((act) => act(...values));
  let settings = {};
  let link = null;

  const memory = openMemory({ storage: storageOf(), token });
  const receipts = createReceipts({ memory, clock, send: (message) => link?.send(message) ?? false });
  const presence = watchPresence((now) => {
    link?.send({ type: "state", ...now });
    tell("presence", now);
  });
  const wardrobe = createWardrobe({ clock, tell });
  window.__giftcast = { shown: [], state: () => ({ link: link?.state() ?? "none" }), fps: () => null };

  const stage = {
    root,
    clock,
    receipts,
    wardrobe,
    settings: () => settings,
    presence: presence.current,
    on(type, act) {
      acts.set(type, [...(acts.get(type) ?? []), act]);
    },
    expose(more) {
      const { state, ...rest } = more;
      Object.assign(window.__giftcast, rest);
      if (state) window.__giftcast.state = () => ({ link: link.state(), theme: wardrobe.sheet(), ...presence.current(), ...state() });
    },
  };
  const { default: start, demo } = await import(`/widgets/${widget}.js`);
  start(stage);
  window.addEventListener("pagehide", () => tell("leave"));
  window.addEventListener("hashchange", () => location.reload());
  function dress(looks) {
    tellOwn(looks?.art);
    wardrobe.wear(looks?.theme);
  }
  function greeted(message, first) {
    settings = message.settings ?? {};
    dress(message.looks);
    tell("welcome", message, first);
  }
  const query = new URLSearchParams(location.search);
  if (query.has("demo")) {
    link = { send: () => false, state: () => "demo" };
    await playDemo({ widget, demo, query, clock, tell, begin: (message) => greeted(message, true) });
    return;
  }
  link = openLink({
    url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/o/socket`,
    clock,
    hello: () => ({ v: 1, type: "hello", token, shown: receipts.unconfirmed() }),
    on: {
      welcome(message, first) {
        tellFrame("connected");
        notice.textContent = "";
        if (first) {
          receipts.refresh();
          link.send({ type: "state", ...presence.current() });
        }
        greeted(message, first);
      },
      frame: (message) => (message.type === "looks.changed" ? dress(message.data) : tell(message.type, owned(message))),
      lost() {
        tellFrame("lost");
        tell("lost");
      },
      refused() {
        tellFrame("refused");
        notice.textContent = INVALID;
        tell("lost");
      },
    },
  });
}

function storageOf() {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden by the browser's settings
  }
}

boot();
