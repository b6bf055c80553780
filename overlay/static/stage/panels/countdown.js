/* Countdown: a ring that runs out, drawn in SVG, and the time that is left, in words. */

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;
const STILL = 0.68; // where a ring stands that does not run

const shape = (name, values) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};
const gap = (share) => String(ROUND * (1 - Math.max(0, Math.min(1, share))));

/* `run(left_ms, whole_ms)` sets it going; Infinity: it stands. */
export function createRunout({ stroke = 9 }) {
  const circle = (name) => shape("circle", { class: name, cx: 50, cy: 50, r: RADIUS, "stroke-width": stroke, fill: "none" });
  const fill = circle("runout-fill");
  fill.setAttribute("transform", "rotate(-90 50 50)");
  fill.setAttribute("stroke-dasharray", `${ROUND} ${ROUND}`);
  fill.setAttribute("stroke-linecap", "round");
  const element = shape("svg", { class: "runout", viewBox: "0 0 100 100", "aria-hidden": "true" });
  element.append(circle("runout-back"), fill);
  let running = null;
  return {
    element,
    run(left_ms, whole_ms) {
      running?.cancel();
      running = null;
      const share = Number.isFinite(left_ms) ? left_ms / Math.max(1, whole_ms) : STILL;
      fill.style.strokeDashoffset = Number.isFinite(left_ms) ? gap(0) : gap(share);
      if (!Number.isFinite(left_ms) || left_ms <= 0) return;
      running = fill.animate([{ strokeDashoffset: gap(share) }, { strokeDashoffset: gap(0) }], { duration: left_ms });
    },
  };
}

/* "1:05", "0:09". */
export function minutes(left_ms) {
  const s = Math.max(0, Math.ceil(left_ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

/* Writes the time that is left into an element, a second at a time, and calls `each(left_ms)`; no timer runs at the end. */
export function createClock({ clock, element, each = () => {} }) {
  let stop = null;
  return {
    run(left_ms) {
      stop?.();
      stop = null;
      if (!Number.isFinite(left_ms)) return;
      const until = clock.now() + left_ms;
      const tick = () => {
        const left = until - clock.now();
        element.textContent = minutes(left);
        each(left);
        stop = left > 0 ? clock.after(Math.min(left, ((left - 1) % 1000) + 1), tick) : null;
      };
      tick();
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
}
