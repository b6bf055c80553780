/* The gauge measures frames while something moves, and lowers the effects where the machine cannot keep up.

   OBS may run a page at 30 frames a second on purpose: slow means slower than this page has shown it can be. */

const WINDOW = 60;
const SLOW = 1.22; // times the page's own best pace
const CRAWL_MS = 45;

export function createGauge() {
  const times = new Float32Array(WINDOW);
  let filled = 0;
  let next = 0;
  let last = 0;
  let best = Infinity;
  let mode = "auto";
  let measured = "high";

  function tick(now) {
    const ms = now - last;
    last = now;
    if (ms <= 4 || ms > 500) return; // the first frame after a rest, or two ticks of one frame
    times[next] = ms;
    next = (next + 1) % WINDOW;
    filled = Math.min(WINDOW, filled + 1);
    if (next === 0) judge();
  }

  function judge() {
    best = Math.min(best, [...times].sort((a, b) => a - b)[Math.floor(WINDOW / 4)]);
    const average = mean();
    if (average > best * SLOW || average > CRAWL_MS) measured = "low";
  }

  function mean() {
    let sum = 0;
    for (let i = 0; i < filled; i += 1) sum += times[i];
    return filled ? sum / filled : 0;
  }

  return {
    tick,
    /* The loop sleeps: the pause that follows is no slow frame. */
    rest: () => void (last = 0),
    level: () => (mode === "auto" ? measured : mode),
    set: (value) => void (mode = value === "high" || value === "low" ? value : "auto"),
    fps: () => (filled ? Math.round(10000 / mean()) / 10 : null),
  };
}
