/* Sprites: the small shapes that fly, drawn once per colour into bitmaps and then only copied. */

const SIDE = 64;
const KEEP = 96;
const TURN = Math.PI * 2;
const cache = new Map();

/* Each shape draws itself in `ink` on a canvas of -32 … 32. */
const SHAPES = {
  dot(pen, ink) {
    const glow = pen.createRadialGradient(0, 0, 0, 0, 0, 30);
    glow.addColorStop(0, "#fff");
    glow.addColorStop(0.22, ink);
    glow.addColorStop(1, fade(ink, 0));
    pen.fillStyle = glow;
    pen.fillRect(-32, -32, 64, 64);
  },
  star(pen, ink) {
    const halo = pen.createRadialGradient(0, 0, 0, 0, 0, 26);
    halo.addColorStop(0, fade(ink, 0.6));
    halo.addColorStop(1, fade(ink, 0));
    pen.fillStyle = halo;
    pen.fillRect(-32, -32, 64, 64);
    pen.beginPath();
    for (let i = 0; i < 8; i += 1) {
      const reach = i % 2 ? 5 : 30;
      pen.lineTo(Math.cos((i / 8) * TURN) * reach, Math.sin((i / 8) * TURN) * reach);
    }
    pen.closePath();
    pen.fillStyle = ink;
    pen.fill();
    pen.beginPath();
    pen.arc(0, 0, 5, 0, TURN);
    pen.fillStyle = "#fff";
    pen.fill();
  },
  petal(pen, ink) {
    pen.beginPath();
    pen.moveTo(0, 28);
    pen.bezierCurveTo(-30, 8, -20, -28, -3, -26);
    pen.bezierCurveTo(0, -22, 2, -24, 5, -27);
    pen.bezierCurveTo(22, -26, 28, 8, 0, 28);
    shade(pen, ink, -22, 24);
  },
  leaf(pen, ink) {
    pen.beginPath();
    pen.moveTo(0, -30);
    pen.quadraticCurveTo(17, -4, 0, 30);
    pen.quadraticCurveTo(-17, -4, 0, -30);
    shade(pen, ink, -26, 26);
    pen.strokeStyle = "rgba(255,255,255,.45)";
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(0, -22);
    pen.lineTo(0, 26);
    pen.stroke();
  },
  heart(pen, ink) {
    pen.beginPath();
    pen.moveTo(0, 27);
    pen.bezierCurveTo(-42, -4, -24, -34, 0, -13);
    pen.bezierCurveTo(24, -34, 42, -4, 0, 27);
    shade(pen, ink, -26, 26);
  },
  pixel(pen, ink) {
    pen.fillStyle = ink;
    pen.fillRect(-16, -16, 32, 32);
    pen.fillStyle = "rgba(255,255,255,.5)";
    pen.fillRect(-16, -16, 32, 8);
    pen.fillStyle = "rgba(0,0,0,.28)";
    pen.fillRect(-16, 8, 32, 8);
  },
  confetti(pen, ink) {
    pen.beginPath();
    pen.rect(-9, -20, 18, 40);
    shade(pen, ink, -20, 20);
  },
  crumb(pen, ink) {
    pen.beginPath();
    pen.roundRect(-6, -22, 12, 44, 6);
    shade(pen, ink, -22, 22);
  },
  bubble(pen, ink) {
    const skin = pen.createRadialGradient(-6, -8, 6, 0, 0, 28);
    skin.addColorStop(0, "rgba(255,255,255,.10)");
    skin.addColorStop(0.8, fade(ink, 0.18));
    skin.addColorStop(1, fade(ink, 0.85));
    pen.beginPath();
    pen.arc(0, 0, 27, 0, TURN);
    pen.fillStyle = skin;
    pen.fill();
    pen.beginPath();
    pen.ellipse(-10, -13, 8, 4, -0.7, 0, TURN);
    pen.fillStyle = "rgba(255,255,255,.9)";
    pen.fill();
  },
  ring(pen, ink) {
    pen.beginPath();
    pen.arc(0, 0, 27, 0, TURN);
    pen.strokeStyle = ink;
    pen.lineWidth = 3;
    pen.stroke();
    pen.strokeStyle = "rgba(255,255,255,.8)";
    pen.lineWidth = 1;
    pen.stroke();
  },
  coin(pen, ink) {
    pen.beginPath();
    pen.arc(0, 0, 26, 0, TURN);
    shade(pen, ink, -26, 26);
    pen.beginPath();
    pen.arc(0, 0, 18, 0, TURN);
    pen.strokeStyle = "rgba(255,255,255,.65)";
    pen.lineWidth = 4;
    pen.stroke();
  },
  feather(pen, ink) {
    pen.beginPath();
    pen.moveTo(0, 30);
    pen.bezierCurveTo(-16, 10, -14, -18, 2, -30);
    pen.bezierCurveTo(14, -16, 12, 12, 0, 30);
    shade(pen, ink, -30, 28);
    pen.strokeStyle = "rgba(255,255,255,.7)";
    pen.lineWidth = 1.6;
    pen.beginPath();
    pen.moveTo(1, -24);
    pen.quadraticCurveTo(-3, 4, 0, 30);
    pen.stroke();
  },
  note(pen, ink) {
    pen.beginPath();
    pen.ellipse(-8, 18, 11, 8, -0.4, 0, TURN);
    pen.rect(0, -26, 4, 44);
    pen.moveTo(0, -26);
    pen.quadraticCurveTo(8, -14, 20, -10);
    pen.quadraticCurveTo(14, -18, 4, -22);
    shade(pen, ink, -26, 26);
  },
  streak(pen, ink) {
    const tail = pen.createLinearGradient(-30, 0, 30, 0);
    tail.addColorStop(0, fade(ink, 0));
    tail.addColorStop(0.8, ink);
    tail.addColorStop(1, "#fff");
    pen.beginPath();
    pen.moveTo(-30, 0);
    pen.quadraticCurveTo(22, -5, 30, 0);
    pen.quadraticCurveTo(22, 5, -30, 0);
    pen.fillStyle = tail;
    pen.fill();
  },
  smoke(pen, ink) {
    const puff = pen.createRadialGradient(0, 0, 2, 0, 0, 30);
    puff.addColorStop(0, fade(ink, 0.8));
    puff.addColorStop(0.55, fade(ink, 0.35));
    puff.addColorStop(1, fade(ink, 0));
    pen.fillStyle = puff;
    pen.fillRect(-32, -32, 64, 64);
  },
  fire(pen, ink) {
    const heat = pen.createRadialGradient(0, 0, 0, 0, 0, 31);
    heat.addColorStop(0, "rgba(255,248,214,.95)");
    heat.addColorStop(0.22, "rgba(255,206,92,.8)");
    heat.addColorStop(0.55, fade(ink, 0.42));
    heat.addColorStop(1, fade(ink, 0));
    pen.fillStyle = heat;
    pen.fillRect(-32, -32, 64, 64);
  },
  flame(pen, ink) {
    const heat = pen.createRadialGradient(0, 10, 1, 0, 4, 28);
    heat.addColorStop(0, "#fffbe0");
    heat.addColorStop(0.35, "#ffd65a");
    heat.addColorStop(0.72, ink);
    heat.addColorStop(1, fade(ink, 0));
    pen.beginPath();
    pen.moveTo(0, -31);
    pen.bezierCurveTo(24, -6, 26, 26, 0, 30);
    pen.bezierCurveTo(-26, 26, -24, -6, 0, -31);
    pen.fillStyle = heat;
    pen.fill();
  },
};

export const KINDS = Object.keys(SHAPES);

/* The bitmap of one shape in one colour. */
export function sprite(kind, ink) {
  const key = `${kind} ${ink}`;
  const known = cache.get(key);
  if (known) return known;
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const pen = canvas.getContext("2d");
  pen.translate(SIDE / 2, SIDE / 2);
  (SHAPES[kind] ?? SHAPES.dot)(pen, ink);
  return keep(key, canvas.transferToImageBitmap());
}

function keep(key, bitmap) {
  cache.set(key, bitmap);
  if (cache.size > KEEP) cache.delete(cache.keys().next().value);
  return bitmap;
}

/* Fills the current path with `ink`, lit from above. */
function shade(pen, ink, top, bottom) {
  const light = pen.createLinearGradient(0, top, 0, bottom);
  light.addColorStop(0, "rgba(255,255,255,.55)");
  light.addColorStop(0.45, "rgba(255,255,255,0)");
  light.addColorStop(1, "rgba(0,0,0,.28)");
  pen.fillStyle = ink;
  pen.fill();
  pen.fillStyle = light;
  pen.fill();
}

/* `ink` with less strength: rgb(), hsl() or #rrggbb. */
export function fade(ink, alpha) {
  if (ink.startsWith("#")) {
    const code = ink.length === 4 ? ink.replace(/[0-9a-f]/gi, "$&$&") : ink;
    return `${code}${Math.round(alpha * 255)
      .toString(16)
      .padStart(2, "0")}`;
  }
  return ink.replace(/\)$/, ` / ${alpha})`);
}
