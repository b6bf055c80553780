/* A crown, drawn in the metal of a rank: sharp at any size. A theme may give it others, by variables and classes. */

const SVG = "http://www.w3.org/2000/svg";

export const METALS = {
  1: { light: "#fff6d0", main: "#ffcf4a", deep: "#b8720a", gem: "#ff3f7f", inks: ["#ffcf4a", "#fff3c2", "#ffffff"] },
  2: { light: "#ffffff", main: "#cbd6ea", deep: "#6d7a94", gem: "#4aa8ff", inks: ["#cbd6ea", "#ffffff"] },
  3: { light: "#ffe6d0", main: "#e8a06a", deep: "#8a4a1c", gem: "#39c98d", inks: ["#e8a06a", "#ffe0c4", "#ffffff"] },
};
const BODY = "M8 56 3 21c-.3-2 2-3.2 3.5-1.8L22 33 37.5 6.5c1.1-1.9 3.9-1.9 5 0L58 33l15.5-13.8C75 17.8 77.3 19 77 21l-5 35z";
const BALLS = [[4, 17, 4], [22, 30, 0], [40, 6, 5], [58, 30, 0], [76, 17, 4]];

function shape(name, values, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

let serial = 0;

export function crown(rank) {
  const metal = METALS[rank] ?? METALS[3];
  serial += 1;
  const id = `crown-${serial}`;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-2 -1 84 74");
  svg.setAttribute("aria-hidden", "true");
  const fill = shape("linearGradient", { id, x1: 0, y1: 0, x2: 0.25, y2: 1 }, shape("defs", {}, svg));
  const inks = [[0, `var(--crown-light, ${metal.light})`], [0.42, `var(--crown-main, ${metal.main})`], [1, `var(--crown-deep, ${metal.deep})`]];
  for (const [offset, ink] of inks) shape("stop", { offset, "stop-color": ink }, fill);
  const edge = { stroke: "var(--crown-edge, rgba(40,16,0,.55))", "stroke-width": 1.6, "stroke-linejoin": "round" };
  shape("path", { class: "crown-body", d: BODY, fill: `url(#${id})`, ...edge }, svg);
  shape("path", { class: "crown-shine", d: "M22 33 40 9l-6 44H13z", fill: "#fff", opacity: 0.22 }, svg);
  shape("rect", { class: "crown-base", x: 7, y: 54, width: 66, height: 13, rx: 4, fill: `url(#${id})`, ...edge }, svg);
  shape("rect", { class: "crown-shine", x: 9, y: 55.5, width: 62, height: 3, rx: 1.5, fill: "#fff", opacity: 0.5 }, svg);
  for (const [x, y, r] of BALLS) if (r) shape("circle", { class: "crown-ball", cx: x, cy: y, r, fill: `url(#${id})`, ...edge }, svg);
  for (const x of [20, 60]) shape("circle", { class: "crown-gem", cx: x, cy: 60.5, r: 3.2, fill: `var(--crown-gem, ${metal.gem})`, stroke: "rgba(255,255,255,.7)", "stroke-width": 1 }, svg);
  return svg;
}
