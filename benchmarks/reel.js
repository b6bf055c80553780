/* Reel: the real page of a widget without a server, on a clock turned by hand, so that every frame comes out the same
   on any machine: timers, frames, films and chance all follow it. */

let now = 1000;
let seed = 1;
let serial = 0;
const timers = new Map();
const began = new Map(); // a motion under way → when it was first seen
let due = []; // what waits for the next frame
let loading = 0; // pictures and answers on their way

Math.random = () => {
  seed = (seed * 1664525 + 1013904223) % 4294967296;
  return seed / 4294967296;
};
performance.now = () => now;
Date.now = () => now;
window.requestAnimationFrame = (act) => due.push(act);

const { decode } = HTMLImageElement.prototype;
HTMLImageElement.prototype.decode = function decodeAndCount() {
  loading += 1;
  return decode.call(this).finally(() => void (loading -= 1));
};

/* Answers count as well, down to their last byte. */
const { fetch } = window;
window.fetch = async (...how) => {
  loading += 1;
  try {
    const answer = await fetch(...how);
    return new Response(await answer.arrayBuffer(), answer);
  } finally {
    loading -= 1;
  }
};

const clock = {
  now: () => now,
  date: () => now,
  after(ms, act) {
    serial += 1;
    const id = serial;
    timers.set(id, { at: now + Math.max(0, ms), act });
    return () => timers.delete(id);
  },
};

const acts = new Map();
const tell = (type, ...values) => acts.get(type)?.forEach((act) => act(...values));
let name = "";
let settings = {};
let exposed = {};
let wardrobe = null;
let seq = 0;

/* Lets what really takes time happen: pictures, promises, style sheets. */
const settled = () => new Promise((done) => setTimeout(done, 0));

/* The same without the browser's pause between timers. */
const { port1, port2 } = new MessageChannel();
const breath = () =>
  new Promise((done) => {
    port1.onmessage = done;
    port2.postMessage(null);
  });

const busy = () => loading > 0 || document.fonts.status !== "loaded" || [...document.images].some((image) => !image.complete);

/* Until nothing is on its way any more. */
async function quiet() {
  for (let rounds = 0, tries = 0; rounds < 3 && tries < 1000; tries += 1) {
    await settled();
    rounds = busy() ? 0 : rounds + 1;
  }
}

/* The server believes what it is told, at once. */
function answer(message) {
  if (message.type === "shown") queueMicrotask(() => tell("settled", { type: "settled", data: { gift_ids: message.gift_ids } }));
  return true;
}

/* What is due by now; frames come as the clock is turned. */
function advance(ms) {
  now += ms;
  for (const [id, timer] of [...timers].sort((a, b) => a[1].at - b[1].at)) {
    if (timer.at > now || !timers.delete(id)) continue;
    timer.act();
  }
  const acting = due;
  due = [];
  for (const act of acting) act(now);
}

/* Motions follow the clock; what is over says so, or the browser would keep it. */
function hold() {
  for (const motion of document.getAnimations()) {
    if (began.has(motion) || motion.playState === "finished") continue;
    began.set(motion, now);
    motion.pause();
  }
  for (const [motion, since] of began) {
    const at = (now - since) * motion.playbackRate;
    const over = motion.playState === "idle" || at >= motion.effect.getComputedTiming().endTime;
    if (over) began.delete(motion);
    if (!over) motion.currentTime = at;
    else if (motion.playState !== "idle") motion.finish();
  }
}

window.reel = {
  async start(widget, given) {
    name = widget;
    const { settingsOf } = await import("/static/stage/demo.js");
    const source = await (await fetch(`/widgets/${name}.js`)).text();
    settings = { ...settingsOf(source, new URLSearchParams()), ...given };
    const { createReceipts } = await import("/static/stage/receipts.js");
    const { openMemory } = await import("/static/stage/memory.js");
    const { createWardrobe } = await import("/static/stage/wardrobe.js");
    wardrobe = createWardrobe({ clock, tell });
    await wardrobe.wear(null); // the house's own style
    const memory = openMemory({ storage: null, token: "reel" });
    const { default: start } = await import(`/widgets/${widget}.js`);
    start({
      root: document.getElementById("stage"),
      clock,
      receipts: createReceipts({ memory, clock, send: answer }),
      wardrobe,
      settings: () => settings,
      presence: () => ({ visible: true, active: true }),
      on: (type, act) => acts.set(type, [...(acts.get(type) ?? []), act]),
      expose: (more) => Object.assign(exposed, more),
    });
    tell("welcome", { settings, muted: true }, true);
    await document.fonts.load("800 20px Figtree");
    const dressed = () =>
      [...document.querySelectorAll("style[data-href]")].every((each) => each.sheet?.cssRules[0]?.styleSheet?.cssRules.length);
    for (let tries = 0; tries < 200 && !dressed(); tries += 1) await settled();
  },
  /* Hands a frame of the server to the page and waits until a film that it starts is there, with its pictures. */
  async hear(frame) {
    tell(frame.type, frame);
    const there = () => document.querySelector(exposed.state?.()?.hero ? ".film-layer" : ".film-layer, .card");
    for (let tries = 0, still = 0; tries < 400 && !(still > 20 && there()); tries += 1) {
      await settled();
      hold();
      still = busy() ? 0 : still + 1;
    }
  },
  /* Hands a frame to the page that shows nothing yet. */
  tell: (frame) => tell(frame.type, frame),
  /* How fast the film runs that is playing. */
  rate: () => document.querySelector(".film-layer").getAnimations()[0].playbackRate,
  async step(ms) {
    advance(ms);
    await settled();
    hold();
  },
  /* Turns the clock by so much in steps. */
  async turn(ms, step_ms) {
    for (let left = ms; left > 1e-6; left -= step_ms) {
      advance(Math.min(left, step_ms));
      await breath();
      if (loading) await quiet();
      hold();
    }
  },
  /* The widget's own demonstration, of one moment or going on for ever. */
  async demo(still, moment = "") {
    const { demo } = await import(`/widgets/${name}.js`);
    if (moment === "tray") tell("welcome", { settings, muted: true, catching_up: true }, true);
    demo({
      clock,
      settings,
      still,
      moment,
      say(type, data) {
        seq += 1;
        tell(type, { v: 1, seq, type, at: new Date(now).toISOString(), data });
      },
    });
    await quiet();
    hold();
  },
  /* Puts on a theme. */
  async wear(theme) {
    await wardrobe.wear({ sheet: `/themes/${theme}/theme.css` });
    await quiet();
  },
  /* What is still to come: timers and frames. */
  pending: () => timers.size + due.length,
  /* How long the film of this art is, and when its beats fall. */
  async film(art) {
    const { FILMS } = await import("/static/stage/heroes/index.js");
    const { generic } = await import("/static/stage/heroes/generic.js");
    const { DEFAULT_PALETTE } = await import("/static/stage/art.js");
    const { length_ms, beats } = FILMS[art] ?? generic(art, DEFAULT_PALETTE);
    return { length_ms, ...beats };
  },
  state: () => exposed.state?.(),
};
