/* Reel: the real alerts page without a server, on a clock turned by hand, so that every frame comes out the same
   on any machine: timers, frames, films and chance all follow it. */

let now = 1000;
let seed = 1;
let serial = 0;
const timers = new Map();
const began = new Map(); // animation → when it was first seen
let due = []; // what waits for the next frame

Math.random = () => {
  seed = (seed * 1664525 + 1013904223) % 4294967296;
  return seed / 4294967296;
};
performance.now = () => now;
Date.now = () => now;
window.requestAnimationFrame = (act) => due.push(act);

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
let settings = {};
let exposed = {};

/* Lets what really takes time happen: pictures, promises, style sheets. */
const settled = () => new Promise((done) => setTimeout(done, 0));

function hold() {
  for (const motion of document.getAnimations()) {
    if (!began.has(motion)) {
      began.set(motion, now);
      motion.pause();
    }
    motion.currentTime = (now - began.get(motion)) * motion.playbackRate;
  }
}

window.reel = {
  async start(widget, given) {
    settings = given;
    const { createReceipts } = await import("/static/stage/receipts.js");
    const { openMemory } = await import("/static/stage/memory.js");
    const memory = openMemory({ storage: null, token: "reel" });
    const { default: start } = await import(`/widgets/${widget}.js`);
    start({
      root: document.getElementById("stage"),
      clock,
      receipts: createReceipts({ memory, clock, send: () => true }),
      settings: () => settings,
      presence: () => ({ visible: true, active: true }),
      on: (type, act) => acts.set(type, [...(acts.get(type) ?? []), act]),
      expose: (more) => Object.assign(exposed, more),
    });
    tell("welcome", { settings, muted: true }, true);
    await document.fonts.load("800 20px Figtree");
    for (let tries = 0; tries < 200 && [...document.styleSheets].length < document.querySelectorAll("link").length; tries += 1)
      await settled();
  },
  /* Hands a frame of the server to the page and waits until a film that it starts is there. */
  async hear(frame) {
    tell(frame.type, frame);
    for (let tries = 0; tries < 400; tries += 1) {
      await settled();
      hold();
      if (document.querySelector(".film-layer, .card") && tries > 20) break;
    }
  },
  async step(ms) {
    now += ms;
    for (const [id, timer] of [...timers].sort((a, b) => a[1].at - b[1].at)) {
      if (timer.at > now) continue;
      timers.delete(id);
      timer.act();
    }
    const acting = due;
    due = [];
    for (const act of acting) act(now);
    await settled();
    hold();
  },
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
