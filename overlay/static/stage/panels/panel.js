/* A panel: the page of a widget that stands still until something changes. It knows its size, its place and its unit,
   has one canvas for what flies, and the settings that all panels share. */

import { createGauge } from "../gauge.js";
import { createParticles } from "../particles.js";
import { box, useStyles } from "../text.js";
import { roomOf, spot } from "./room.js";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/* draw(room): laid out anew, because the size or the settings changed. */
export function createPanel({ stage, name, draw }) {
  useStyles("/static/stage/panels/panel.css");
  const { root } = stage;
  const element = box(`panel ${name}`);
  const canvas = document.createElement("canvas");
  canvas.className = "sparks";
  const ear = box("ear");
  ear.setAttribute("aria-live", "polite");
  root.append(element, canvas, ear);
  const gauge = createGauge();
  let unit = 8;
  const particles = stage.wardrobe.tinted(createParticles({ canvas, unit: () => unit, gauge }));
  const corner = { x: 0, y: 0 };
  let waiting = false;

  function look() {
    const set = stage.settings();
    return {
      calm: (set.calm ?? false) || reduced.matches,
      scale: Math.min(3, Math.max(0.3, Number(set.scale) || 1)),
      at: set.at ?? "top-left",
      bare: set.backdrop === "none",
    };
  }

  function redraw() {
    waiting = false;
    particles.calm(look().calm);
    element.classList.toggle("bare", look().bare);
    draw(roomOf(innerWidth, innerHeight));
  }

  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(redraw);
  }

  element.style.visibility = "hidden"; // until it has something to wear
  stage.wardrobe.first.then(() => void (element.style.visibility = ""));
  stage.on("dressed", later);
  addEventListener("resize", later);
  document.fonts?.ready.then(later);
  return {
    element,
    particles,
    gauge,
    look,
    redraw,
    unit: () => unit,
    /* Sets the unit (px) and where the panel stands, in a room. */
    fit(room, width, height, px) {
      unit = px;
      Object.assign(corner, spot(look().at, room, width, height));
      element.style.setProperty("--u", `${px}px`);
      Object.assign(element.style, {
        left: `${corner.x}px`,
        top: `${corner.y}px`,
        width: `${Math.ceil(width)}px`,
        height: `${Math.ceil(height)}px`,
      });
    },
    /* A point of the panel as a point of the page. */
    point: (x, y) => ({ x: corner.x + x, y: corner.y + y }),
    say: (text) => void (ear.textContent = text),
  };
}
