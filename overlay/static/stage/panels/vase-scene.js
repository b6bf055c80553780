/* The gifts in a vase, on one canvas that sleeps unless something falls, moves or flies out. */

import { giftUrl, picture } from "../art.js";
import { chance, HEAD, JAR } from "./vases.js";

const GRAVITY = 330; // of the jar's lengths a second, squared
const APART_MS = 95; // between two that fall
const RAIN_MS = 2600; // but all within this
const BOUNCE = [
  [5, 250],
  [1.5, 150],
]; // how high, how long
const MOVE_MS = 520;
const GO_MS = 340;
const OUT_MS = 620; // of one piece that leaves with the full vase
const OUT_APART_MS = 9;
const NUDGE_MS = 360;
const FILL = 1.4; // of its circle, what the picture takes

export function createScene({ clock, landed = () => {} }) {
  const canvas = document.createElement("canvas");
  canvas.className = "vase-gifts";
  const pen = canvas.getContext("2d");
  const shown = new Map(); // key → piece
  const leaving = new Set();
  const images = new Map();
  let j = 1;
  let running = false;

  const place = ({ x, y }) => ({ x: JAR.left + x, y: HEAD + JAR.floor - y });

  function artOf(art) {
    if (!images.has(art)) {
      images.set(art, null);
      picture(giftUrl(art, 96)).then((image) => {
        images.set(art, image);
        wake();
      });
    }
    return images.get(art);
  }

  function wake() {
    if (running) return;
    running = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    const now = clock.now();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    let busy = leaving.size > 0;
    for (const piece of shown.values()) busy = step(piece, now) || busy;
    for (const piece of leaving) if (!step(piece, now)) leaving.delete(piece);
    if (busy) requestAnimationFrame(frame);
    else running = false;
  }

  function draw(piece, x, y, turn, alpha = 1, size = 1) {
    const image = artOf(piece.art);
    if (!image || alpha <= 0) return;
    const half = piece.r * FILL * size * j;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    pen.setTransform(cos, sin, -sin, cos, x * j, y * j);
    pen.globalAlpha = alpha;
    pen.drawImage(image, -half, -half, 2 * half, 2 * half);
  }

  /* Draws a piece as it is now; whether it goes on moving. */
  function step(piece, now) {
    const act = piece.act;
    const { x, y } = piece;
    if (!act) {
      draw(piece, x, y, piece.turn);
      return false;
    }
    const t = now - act.from;
    if (t < 0) {
      if (act.kind !== "fall") draw(piece, act.x ?? x, act.y ?? y, piece.turn);
      return true;
    }
    const going = ACTS[act.kind](piece, act, t);
    if (!going) piece.act = null;
    return going;
  }

  const ACTS = {
    fall(piece, act, t) {
      const high = piece.y + HEAD * 0.7;
      const whole = Math.sqrt((2 * high) / GRAVITY) * 1000;
      if (t < whole) {
        const y = -HEAD * 0.7 + 0.5 * GRAVITY * (t / 1000) ** 2;
        const inside = Math.max(0, (y - HEAD - 16) / Math.max(1, piece.y - HEAD - 16));
        const x = act.x + (piece.x - act.x) * inside;
        draw(piece, x, y, piece.turn + act.spin * (1 - t / whole), Math.min(1, t / 90));
        return true;
      }
      if (!act.hit) {
        act.hit = true;
        shake(piece);
        landed(piece);
      }
      let past = t - whole;
      for (const [high_, long] of BOUNCE) {
        if (past < long) {
          draw(piece, piece.x, piece.y - high_ * Math.sin((past / long) * Math.PI) * Math.min(1, piece.r / 5), piece.turn);
          return true;
        }
        past -= long;
      }
      draw(piece, piece.x, piece.y, piece.turn);
      return false;
    },
    appear(piece, act, t) {
      draw(piece, piece.x, piece.y, piece.turn, Math.min(1, t / 500));
      return t < 500;
    },
    move(piece, act, t) {
      const share = Math.min(1, t / MOVE_MS);
      const soft = 1 - (1 - share) ** 3;
      draw(piece, act.x + (piece.x - act.x) * soft, act.y + (piece.y - act.y) * soft, act.turn + (piece.turn - act.turn) * soft);
      return share < 1;
    },
    nudge(piece, act, t) {
      const swing = t < NUDGE_MS ? Math.exp(-t / 110) * Math.sin(t / 30) * act.far : 0; // its last frame is its place
      draw(piece, piece.x + swing * act.way, piece.y - Math.abs(swing) * 0.4, piece.turn + swing * 0.05 * act.way);
      return t < NUDGE_MS;
    },
    go(piece, act, t) {
      const share = Math.min(1, t / GO_MS);
      draw(piece, piece.x, piece.y - 8 * share, piece.turn, 1 - share, 1 + 0.25 * share);
      return share < 1;
    },
    fade(piece, act, t) {
      draw(piece, piece.x, piece.y, piece.turn, 1 - Math.min(1, t / 700));
      return t < 700;
    },
    /* Up through the neck and away. */
    out(piece, act, t) {
      const share = Math.min(1, t / OUT_MS);
      const [neck, high] = [50, HEAD + JAR.mouth];
      const rise = share * share;
      const drawn = 1 - (1 - share) ** 2;
      const x = piece.x + (neck + act.aside * 16 - piece.x) * Math.min(1, drawn * 1.15) + act.aside * 22 * Math.max(0, share - 0.7);
      const y = piece.y + (high - HEAD - 14 - piece.y) * rise;
      draw(piece, x, y, piece.turn + act.spin * rise, share > 0.8 ? (1 - share) / 0.2 : 1, 1 - 0.25 * rise);
      return share < 1;
    },
  };

  /* What lies beside a piece that has landed gives way a little. */
  function shake(piece) {
    const now = clock.now();
    for (const other of shown.values()) {
      if (other === piece || other.act) continue;
      const far = Math.hypot(other.x - piece.x, other.y - piece.y) - other.r - piece.r;
      if (far < piece.r * 0.5) other.act = { kind: "nudge", from: now, far: Math.min(1.4, piece.r * 0.16), way: other.x < piece.x ? -1 : 1 };
    }
  }

  function add(pieces, how) {
    const now = clock.now();
    const apart = Math.min(APART_MS, RAIN_MS / Math.max(1, pieces.length));
    pieces.forEach((piece, at) => {
      if (how === "fall") piece.act = { kind: "fall", from: now + at * apart, x: 50 + (chance(at * 13 + shown.size) - 0.5) * 30, spin: (chance(at + 5) - 0.5) * 9 };
      if (how === "appear") piece.act = { kind: "appear", from: now };
      shown.set(piece.key, piece);
    });
  }

  return {
    element: canvas,
    fit(px, width, height) {
      j = px;
      canvas.width = Math.max(1, Math.round(width));
      canvas.height = Math.max(1, Math.round(height));
      wake();
    },
    /* how: "fall", "appear" or "still". */
    set(lying, how) {
      const now = clock.now();
      const keys = new Set(lying.map((each) => each.key));
      for (const [key, piece] of shown) {
        if (keys.has(key)) continue;
        shown.delete(key);
        if (how === "still") continue;
        piece.act = { kind: how === "appear" ? "fade" : "go", from: now };
        leaving.add(piece);
      }
      const fresh = [];
      for (const each of lying) {
        const known = shown.get(each.key);
        const { x, y } = place(each);
        if (!known) {
          fresh.push({ key: each.key, art: each.art, r: each.r, x, y, turn: each.turn, act: null });
          continue;
        }
        const moved = Math.abs(known.x - x) + Math.abs(known.y - y) > 0.01 || known.r !== each.r;
        if (moved && how !== "still" && known.act?.kind !== "fall") known.act = { kind: "move", from: now, x: known.x, y: known.y, turn: known.turn };
        if (how === "still") known.act = null;
        Object.assign(known, { x, y, r: each.r, turn: each.turn, art: each.art });
      }
      add(fresh, how);
      wake();
    },
    /* All of it leaves, the top ones first; how long that takes, in ms. */
    empty(calm) {
      const now = clock.now();
      const pieces = [...shown.values()].sort((a, b) => a.y - b.y);
      shown.clear();
      pieces.forEach((piece, at) => {
        piece.act = calm ? { kind: "fade", from: now } : { kind: "out", from: now + at * OUT_APART_MS, aside: chance(at) - 0.5, spin: (chance(at + 9) - 0.5) * 8 };
        leaving.add(piece);
      });
      wake();
      return calm ? 700 : OUT_MS + pieces.length * OUT_APART_MS;
    },
    moving: () => running || [...images.values()].includes(null),
    count: () => shown.size,
  };
}
