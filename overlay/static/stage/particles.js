/* Particles: everything that flies, on one canvas. The loop runs only while something is alive.

   A spray: {kind|bitmap, inks, n, x, y (px), wide, tall, angle, spread (deg), speed, gravity, drag, size, vary, life, spin,
   flip, sway, grow, pull: {x, y, force, swirl}}. Lengths are in units (`unit()` px), times in ms. */

import { sprite } from "./sprites.js";

const RADIANS = Math.PI / 180;
const LIMIT = { high: 420, middle: 280, low: 150 };
const SHARE = { high: 1, middle: 0.75, low: 0.5 };
const MARGIN = 4;
const SHINING = new Set(["fire"]); // these add their light where they overlap

const DEFAULTS = {
  kind: "dot",
  inks: ["#fff"],
  n: 12,
  wide: 0,
  tall: 0,
  angle: -90,
  spread: 360,
  speed: 30,
  gravity: 0,
  drag: 1.2,
  size: 2,
  vary: 0.45,
  life: 1200,
  spin: 0,
  flip: 0,
  sway: 0,
  grow: 0,
  pull: null,
  alpha: 1,
};

export function createParticles({ canvas, unit, gauge }) {
  const pen = canvas.getContext("2d");
  const alive = [];
  const springs = []; // sprays that keep giving
  let running = false;
  let last = 0;
  let dirty = null;
  let quiet = false;
  let shining = false;

  function fit() {
    if (canvas.width === innerWidth && canvas.height === innerHeight) return;
    canvas.width = innerWidth;
    canvas.height = innerHeight;
    dirty = null;
  }

  function burst(spray) {
    if (quiet || document.hidden) return;
    const all = { ...DEFAULTS, ...spray };
    const level = gauge.level();
    const room = LIMIT[level] - alive.length;
    const n = Math.min(room, Math.max(1, Math.round(all.n * SHARE[level])));
    for (let i = 0; i < n; i += 1) alive.push(born(all));
    start();
  }

  /* Sprays `rate` particles a second for `for_ms`; `move(share)` may lead the source. Returns a stop. */
  function flow(spray, rate, for_ms, move) {
    const spring = { spray: { ...DEFAULTS, ...spray }, rate, left: for_ms, all: for_ms, owed: 0, move };
    if (quiet || document.hidden) return () => {};
    springs.push(spring);
    start();
    return () => void (spring.left = 0);
  }

  function born(all) {
    const u = unit();
    const way = (all.angle + (Math.random() - 0.5) * all.spread) * RADIANS;
    const speed = all.speed * u * (1 - Math.random() * 0.6);
    const ink = all.inks[Math.floor(Math.random() * all.inks.length)];
    return {
      bitmap: all.bitmap ?? sprite(all.kind, ink),
      x: all.x + (Math.random() - 0.5) * all.wide * u,
      y: all.y + (Math.random() - 0.5) * all.tall * u,
      vx: Math.cos(way) * speed,
      vy: Math.sin(way) * speed,
      gravity: all.gravity * u,
      drag: all.drag,
      size: all.size * u * (1 - Math.random() * all.vary),
      grow: all.grow,
      life: all.life * (1 - Math.random() * 0.35),
      age: 0,
      turn: all.kind === "streak" ? way : Math.random() * 6.28 * (all.spin ? 1 : 0),
      follow: all.kind === "streak",
      spin: all.spin * RADIANS * (Math.random() < 0.5 ? -1 : 1) * (0.5 + Math.random()),
      flip: all.flip * (0.6 + Math.random() * 0.8),
      phase: Math.random() * 6.28,
      sway: all.sway * u,
      pull: all.pull,
      alpha: all.alpha,
      shines: SHINING.has(all.kind),
    };
  }

  function start() {
    if (running) return;
    running = true;
    fit();
    last = performance.now();
    requestAnimationFrame(frame);
  }

  function frame(now) {
    const ms = Math.min(50, Math.max(0, now - last));
    last = now;
    gauge.tick(now);
    for (const spring of springs) feed(spring, ms);
    for (let i = springs.length - 1; i >= 0; i -= 1) if (springs[i].left <= 0) springs.splice(i, 1);
    wipe();
    move(ms / 1000, ms);
    if (alive.length === 0 && springs.length === 0) {
      running = false;
      gauge.rest();
      return;
    }
    requestAnimationFrame(frame);
  }

  function feed(spring, ms) {
    spring.left -= ms;
    spring.owed += (spring.rate * ms) / 1000;
    const n = Math.floor(spring.owed);
    if (n < 1) return;
    spring.owed -= n;
    if (spring.move) Object.assign(spring.spray, spring.move(1 - spring.left / spring.all));
    burst({ ...spring.spray, n });
  }

  function wipe() {
    if (!dirty) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(dirty[0] - MARGIN, dirty[1] - MARGIN, dirty[2] - dirty[0] + 2 * MARGIN, dirty[3] - dirty[1] + 2 * MARGIN);
    dirty = null;
  }

  function move(s, ms) {
    let kept = 0;
    for (const p of alive) {
      p.age += ms;
      if (p.age >= p.life || p.y > innerHeight + p.size * 2) continue;
      alive[kept] = p;
      kept += 1;
      const slow = Math.exp(-p.drag * s);
      p.vx *= slow;
      p.vy = p.vy * slow + p.gravity * s;
      if (p.pull) attract(p, s);
      p.x += p.vx * s;
      p.y += p.vy * s;
      draw(p);
    }
    alive.length = kept;
    pen.globalAlpha = 1;
  }

  function attract(p, s) {
    const dx = p.pull.x - p.x;
    const dy = p.pull.y - p.y;
    p.vx += (dx * p.pull.force - dy * (p.pull.swirl ?? 0)) * s;
    p.vy += (dy * p.pull.force + dx * (p.pull.swirl ?? 0)) * s;
  }

  function draw(p) {
    const t = p.age / p.life;
    const rise = Math.min(1, p.age / 80);
    const size = p.size * (1 + p.grow * t) * (t > 0.7 && p.grow <= 0 ? 1 - (t - 0.7) * 1.6 : 1);
    const x = p.x + (p.sway ? Math.sin(p.phase + p.age * 0.004) * p.sway : 0);
    const { y } = p;
    if (x < -size || y < -size || x > canvas.width + size || size < 0.5) return;
    const turn = p.follow ? Math.atan2(p.vy, p.vx) : p.turn + p.spin * p.age * 0.001;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    const thin = p.flip ? Math.cos(p.phase + p.age * 0.001 * p.flip) : 1;
    pen.setTransform(cos * thin, sin * thin, -sin, cos, x, y);
    pen.globalAlpha = p.alpha * rise * (t > 0.6 ? (1 - t) / 0.4 : 1);
    if (p.shines !== shining) {
      shining = p.shines;
      pen.globalCompositeOperation = shining ? "lighter" : "source-over";
    }
    pen.drawImage(p.bitmap, -size / 2, -size / 2, size, size);
    stain(x, y, size * 0.75);
  }

  function stain(x, y, reach) {
    if (!dirty) dirty = [x - reach, y - reach, x + reach, y + reach];
    else {
      if (x - reach < dirty[0]) dirty[0] = x - reach;
      if (y - reach < dirty[1]) dirty[1] = y - reach;
      if (x + reach > dirty[2]) dirty[2] = x + reach;
      if (y + reach > dirty[3]) dirty[3] = y + reach;
    }
  }

  addEventListener("resize", () => running && fit());
  return {
    burst,
    flow,
    alive: () => alive.length,
    calm: (on) => void (quiet = on),
    clear() {
      alive.length = 0;
      springs.length = 0;
    },
  };
}
