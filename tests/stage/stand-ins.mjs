/* Stand-ins for the page's surroundings: a clock that is turned by hand, a socket without a wire, a scene that only notes. */

import { messageOf } from "../../overlay/static/stage/show.js";

export function handClock() {
  let now = 1000;
  let serial = 0;
  const waiting = new Map();
  return {
    now: () => now,
    date: () => now,
    after(ms, act) {
      serial += 1;
      const id = serial;
      waiting.set(id, { at: now + Math.max(0, ms), act });
      return () => waiting.delete(id);
    },
    pending: () => waiting.size,
    turn(ms) {
      const until = now + ms;
      for (;;) {
        const [id, next] = [...waiting].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0] ?? [];
        if (!next || next.at > until) break;
        waiting.delete(id);
        now = next.at;
        next.act();
      }
      now = until;
    },
  };
}

export function fakeSockets() {
  const made = [];
  class Socket {
    constructor(url) {
      this.url = url;
      this.readyState = 0;
      this.sent = [];
      made.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code = 1000) {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.({ code });
    }
    opens() {
      this.readyState = 1;
      this.onopen();
    }
    hears(message) {
      this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) });
    }
  }
  return { Socket, made, last: () => made.at(-1) };
}

export function fakeStorage(start = {}) {
  const kept = new Map(Object.entries(start));
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), kept };
}

/* Notes what the director asks for. `paints: false` holds every paint back until `paintAll()`. */
export function fakeScene({ paints = true, ready = true } = {}) {
  const calls = [];
  const held = [];
  const awaited = [];
  const paint = (act) => (paints ? act() : held.push(act));
  return {
    calls,
    prepare() {},
    lengthMs: () => 5000,
    captionMs: () => 4000,
    lines: (show, names) => [names.slice(0, 3)],
    open(show, painted, appears) {
      const draw = () => (appears(), paint(painted));
      calls.push(["open", show, show.kind]);
      if (ready) draw();
      else awaited.push(draw);
    },
    bump: (show, painted) => (calls.push(["bump", show]), paint(painted)),
    tray: {
      open: (show) => calls.push(["open", show, "tray"]),
      page: (show, rows, painted) => (calls.push(["page", show, rows]), paint(painted)),
      write: (show, rows) => calls.push(["tray write", show, rows]),
      close: (show, manner) => calls.push(["close", show, manner]),
    },
    write: (show) => calls.push(["write", show, messageOf(show)]),
    close: (show, manner) => calls.push(["close", show, manner]),
    freeze: (on) => calls.push(["freeze", on]),
    mute: (on) => calls.push(["mute", on]),
    /* The pictures have come. */
    comeAll() {
      for (const draw of awaited.splice(0)) draw();
    },
    paintAll() {
      for (const act of held.splice(0)) act();
    },
    opened: () => calls.filter(([verb]) => verb === "open").map(([, show]) => show),
    closed: () => calls.filter(([verb]) => verb === "close").map(([, show, manner]) => [show.gift.id, manner]),
  };
}

let seq = 0;

export function giftFrame({
  id,
  gift = "rose",
  tier = 1,
  count = 1,
  price = 1,
  viewer = "Mira",
  combo = null,
  combo_count = 0,
  test = false,
  message = "",
} = {}) {
  seq += 1;
  return {
    v: 1,
    seq,
    type: "gift.sent",
    at: "2026-01-01T00:00:00Z",
    data: {
      gift_id: id ?? `${seq}-k`,
      gift: { id: gift, name: gift, price_coins: price, tier, art: gift, alt: "" },
      count,
      total_coins: price * count,
      viewer: { name: viewer, platform: "twitch" },
      creator: { name: "Ada" },
      message,
      combo: combo && { id: combo, count: combo_count || count },
      test,
    },
  };
}
