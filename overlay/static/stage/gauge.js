/* The gauge times frames while something moves, and lowers the effects where the machine cannot keep up.

   It judges by time, not by frames: the fewer come, the sooner it must act. OBS may run a page at 30 or 25 frames a second
   on purpose: slow means slower than this page has shown it can be, or a crawl. */

const LEVELS = ["low", "middle", "high"];
const WINDOW_MS = 1500;
const FEWEST = 3; // frames that make a judgement
const SLOW = 1.22; // times the page's own best pace
const WELL = 1.1; // and so near to it is well
const CRAWL_MS = 45;
const ASLEEP_MS = 5000; // the machine slept
const HITCH = 4; // times the others: one such frame is no slowness, one in every window is
const CALM_MS = 15_000; // of frames that went well, until a step back
const PATIENCE_MS = 16 * CALM_MS;

/* page: a document, or nothing where there is none. */
export function createGauge({ page = globalThis.document } = {}) {
  const times = [];
  let spent = 0;
  let last = null;
  let pace = null; // ms, of the last window
  let best = Infinity;
  let mode = "auto";
  let step = LEVELS.length - 1;
  let patience = CALM_MS;
  let well = 0; // ms
  let still = 0; // ms at the lowest step, slower than ever but steady
  let returned = false;
  let forgave = false;

  const rest = () => void (last = null);

  /* What was under way when the page went out of sight, or came back, says nothing. */
  function forget() {
    rest();
    times.length = 0;
    spent = 0;
  }
  page?.addEventListener?.("visibilitychange", forget);

  function tick(now) {
    const ms = last === null ? 0 : now - last;
    if (ms < 0 || ms > ASLEEP_MS) return forget();
    if (last !== null && ms <= 4) return undefined; // two ticks of one frame
    last = now;
    if (ms === 0 || page?.hidden) return undefined;
    times.push(ms);
    spent += ms;
    if (spent >= WINDOW_MS && times.length >= FEWEST) judge();
    return undefined;
  }

  function judge() {
    times.sort((a, b) => a - b);
    best = Math.min(best, times[Math.floor(times.length / 4)]);
    pace = mean(times);
    const others = mean(times.slice(0, -1));
    forgave = !forgave && times.at(-1) > HITCH * others;
    weigh(forgave ? others : pace, spent);
    times.length = 0;
    spent = 0;
  }

  function weigh(ms, during) {
    if (ms > CRAWL_MS || ms > best * SLOW) {
      well = 0;
      if (step > 0) lower();
      else if (ms > CRAWL_MS) still = 0;
      else settle(ms, during);
      return;
    }
    still = 0;
    if (ms <= best * WELL) well += during;
    if (well < patience) return;
    well = 0;
    if (step < LEVELS.length - 1) {
      step += 1;
      returned = true;
    } else {
      patience = Math.max(CALM_MS, patience / 2);
      returned = false;
    }
  }

  /* Who falls again after a return waits twice as long for the next. */
  function lower() {
    step -= 1;
    if (returned) patience = Math.min(PATIENCE_MS, patience * 2);
    returned = false;
  }

  /* Less cannot be shown, and the pace holds: OBS has been given fewer frames a second since. */
  function settle(ms, during) {
    still += during;
    if (still < patience) return;
    still = 0;
    best = ms;
  }

  return {
    tick,
    /* The loop sleeps: the pause that follows is no slow frame. */
    rest,
    level: () => (mode === "auto" ? LEVELS[step] : mode),
    set: (value) => void (mode = value === "high" || value === "low" ? value : "auto"),
    fps: () => {
      const ms = pace ?? mean(times);
      return ms ? Math.round(10000 / ms) / 10 : null;
    },
  };
}

const mean = (list) => (list.length ? list.reduce((sum, each) => sum + each, 0) / list.length : 0);
