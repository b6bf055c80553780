/* The glass of a vase: what stands behind the gifts, and what shines before them. Drawn once; its colours are
   variables and its parts have classes, so that a theme may give it other ones, and another outline with `d: path(…)`. */

const SVG = "http://www.w3.org/2000/svg";
const BODY = "M27 12 L27 20 C27 29 5 30 5 46 L5 98 A28 28 0 0 0 33 126 L67 126 A28 28 0 0 0 95 98 L95 46 C95 30 73 29 73 20 L73 12 Z";

function shape(name, values, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const stop = (offset, colour, opacity) => shape("stop", { offset, "stop-color": colour, "stop-opacity": opacity });
const sheet = (name, ...children) => shape("svg", { class: name, viewBox: "0 0 100 130", "aria-hidden": "true" }, ...children);

export function glassBehind() {
  const side = "var(--glass-side, #cfe3ff)";
  const depth = "var(--glass, #1b1430)";
  const ink = shape("linearGradient", { id: "vase-ink", x1: 0, y1: 0, x2: 1, y2: 0 }, stop(0, side, 0.34), stop(0.22, depth, "var(--glass-depth, .55)"), stop(0.8, depth, "var(--glass-depth, .58)"), stop(1, side, 0.3));
  return sheet(
    "vase-glass vase-behind",
    shape("defs", {}, ink),
    shape("ellipse", { class: "vase-shade", cx: 50, cy: 126.4, rx: 37, ry: 3, fill: "rgba(5,2,14,.4)" }),
    shape("path", { class: "glass-halo", d: BODY, fill: "none", stroke: "var(--glass-halo, none)", "stroke-width": 5 }),
    shape("path", { class: "glass-body", d: BODY, fill: "url(#vase-ink)" }),
    shape("ellipse", { class: "glass-mouth", cx: 50, cy: 9, rx: 27, ry: 3.6, fill: "var(--glass-mouth, rgba(20,14,40,.55))", stroke: "var(--glass-rim, rgba(255,255,255,.6))", "stroke-width": 1.2 }),
  );
}

export function glassBefore() {
  const shine = shape("linearGradient", { id: "vase-shine", x1: 0, y1: 0, x2: 0, y2: 1 }, ...[[0, 0.85], [0.6, 0.3], [1, 0.02]].map(([at, strength]) => stop(at, "var(--glass-shine, #fff)", strength)));
  const bow = shape("linearGradient", { id: "vase-bow", x1: 0, y1: 0, x2: 0, y2: 1 }, stop(0, "var(--bow-light, #ff9fc4)", 1), stop(0.5, "var(--bow, #ff4f8f)", 1), stop(1, "var(--bow-deep, #c72a6b)", 1));
  const hem = { stroke: "var(--bow-edge, rgba(120,10,60,.5))", "stroke-width": 0.6 };
  const loop = (way) => `M50 21 C${50 + way * 6} 11 ${50 + way * 19} 11 ${50 + way * 17} 20 C${50 + way * 16} 28 ${50 + way * 7} 28 50 22 Z`;
  const tail = (way) => `M50 22 C${50 + way * 3} 29 ${50 + way * 9} 32 ${50 + way * 13} 36 L${50 + way * 8} 36.4 L${50 + way * 7} 39.6 C${50 + way * 4} 34 ${50 + way * 1} 29 50 22 Z`;
  const bows = [-1, 1].flatMap((way) => [shape("path", { class: `bow-tail ${way < 0 ? "left" : "right"}`, d: tail(way) }), shape("path", { class: `bow-loop ${way < 0 ? "left" : "right"}`, d: loop(way) })]);
  return sheet(
    "vase-glass vase-before",
    shape("defs", {}, shine, bow),
    shape("path", { class: "glass-line", d: BODY, fill: "none", stroke: "var(--glass-line, rgba(255,255,255,.66))", "stroke-width": 1.7 }),
    shape("path", { class: "glass-shine", d: "M12 47 C12 41 17 38 22 36 C17 42 16.4 46 16.4 52 L16.4 92 C16.4 100 18 106 22 112 C14.6 107 12 101 12 94 Z", fill: "url(#vase-shine)" }),
    shape("path", { class: "glass-glint", d: "M87.4 54 L87.4 94", fill: "none", stroke: "var(--glass-shine, #fff)", "stroke-opacity": 0.34, "stroke-width": 2, "stroke-linecap": "round" }),
    shape("path", { class: "glass-lip", d: "M23 9 A27 3.6 0 0 0 77 9 L77 11.4 A27 3.6 0 0 1 23 11.4 Z", fill: "var(--glass-lip, rgba(255,255,255,.5))" }),
    shape("path", { class: "bow-band", d: "M26.4 18.6 C36 22.4 64 22.4 73.6 18.6 L73.8 22.4 C64 26.2 36 26.2 26.2 22.4 Z", fill: "url(#vase-bow)" }),
    shape("g", { fill: "url(#vase-bow)", ...hem }, ...bows),
    shape("ellipse", { class: "bow-knot", cx: 50, cy: 21.4, rx: 3.6, ry: 3.2, fill: "var(--bow-knot, #ff7fb0)", ...hem }),
  );
}
