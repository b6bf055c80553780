/* QR codes: their drawing as one path, and when the card comes and goes. Plain values, no DOM. */

export const QUIET = 4; // modules of quiet zone around a code (ISO/IEC 18004)
const LINK_MAX = 300;
const FIRST_MS = 4_000;

/* Runs of dark modules as rectangles of one path. */
export function pathOf(rows) {
  let path = "";
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) path += `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`;
  });
  return path;
}

/* Why this can be no link; empty when it can. The server judges the same way (overlay/qr.py). */
export function faultOf(link) {
  if (link.length > LINK_MAX) return `A link has at most ${LINK_MAX} characters.`;
  return /^https?:\/\/[^\s/?#]+[^\s]*$/.test(link) ? "" : "A link begins with https:// or http:// and has no spaces.";
}

/* What people read of a link: its address, without the rest. */
export function hostOf(link) {
  try {
    const { host, pathname } = new URL(link);
    const path = pathname.length > 1 && pathname.length <= 24 ? pathname.replace(/\/$/, "") : "";
    return host.replace(/^www\./, "") + path;
  } catch {
    return "";
  }
}

/* set({every_ms, show_ms, hold}): the card comes soon, stays, and comes again, `every_ms` from one showing to the next; with
   0, or on hold, it stays. set(null): it stays away. */
export function createTurns({ clock, show, hide }) {
  let plan = null;
  let off = null;
  let shown = false;

  function wait(ms, act) {
    off?.();
    off = clock.after(ms, act);
  }

  function come() {
    shown = true;
    show(plan);
    if (plan.hold || plan.every_ms <= 0) return;
    wait(plan.show_ms, () => {
      shown = false;
      hide();
      wait(Math.max(1_000, plan.every_ms - plan.show_ms), come);
    });
  }

  return {
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(plan)) return;
      off?.();
      plan = next;
      if (shown) hide();
      shown = false;
      if (plan?.hold) come();
      else if (plan) wait(FIRST_MS, come);
    },
  };
}
