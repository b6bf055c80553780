/* The roll call: where many share a film or a card, every one of them is named, a page of names after the other.
   It knows no DOM.

   scene    lines(show, names): how one page is filled from the first of these names on, as lists of names, a list for each
            line; write(show): the show's `page` has changed.
   paceMs   (show) → how long each of its pages stands.
   changed  called when everybody was named. */

import { isCrowd, keyOf, viewersOf } from "./show.js";
import { callName } from "./words.js";

export function createRoll({ clock, scene, paceMs, changed }) {
  const running = new Map(); // show → {stop, until, left}: the page that stands

  /* The last gift of each viewer who has not been named yet, in the order of their first. */
  function uncalled(show) {
    const left = new Map();
    for (const member of show.members) if (!show.called.has(keyOf(member))) left.set(keyOf(member), member);
    return [...left.values()];
  }

  function pageOf(show, members) {
    const lines = scene.lines(show, members.map((member) => callName(member.viewer)));
    return { lines, members: members.slice(0, Math.max(1, lines.flat().length)) };
  }

  /* Puts names on the page, before it is painted. What stands is not changed, unless somebody on it was taken back. */
  function set(show) {
    if (!isCrowd(show)) {
      show.page = null;
      return end(show);
    }
    const whole = show.page?.members.every((member) => viewersOf(show).has(keyOf(member)));
    if (whole && (running.has(show) || through(show))) return undefined;
    const left = uncalled(show);
    if (left.length) show.page = pageOf(show, left);
    else if (!whole) show.page = pageOf(show, uncalled({ ...show, called: new Set() }));
    return undefined;
  }

  /* The page is on the screen: from now on it stands for its time. */
  function go(show) {
    if (show.phase !== "playing" || running.has(show) || through(show)) return;
    start(show, paceMs(show));
  }

  function start(show, ms) {
    const stop = clock.after(ms, () => turn(show));
    running.set(show, { stop, until: clock.now() + ms, left: 0 });
  }

  function turn(show) {
    running.delete(show);
    for (const member of show.page.members) show.called.add(keyOf(member));
    const left = uncalled(show);
    if (!left.length) return changed();
    show.page = pageOf(show, left);
    scene.write(show);
    return start(show, paceMs(show));
  }

  function end(show) {
    running.get(show)?.stop();
    running.delete(show);
  }

  function through(show) {
    if (!isCrowd(show)) return true;
    for (const key of viewersOf(show)) if (!show.called.has(key)) return false;
    return true;
  }

  return {
    set,
    go,
    end,
    through,
    /* How many pages it takes to name all who sent these. */
    pages(show, members) {
      let left = uncalled({ members, called: new Set() });
      let count = 0;
      for (; left.length; count += 1) left = left.slice(pageOf(show, left).members.length);
      return count;
    },
    /* While nothing can be seen, the page that stands is not over. */
    freeze(on) {
      for (const [show, page] of running) {
        page.stop();
        if (on) page.left = page.until - clock.now();
        else start(show, page.left);
      }
    },
  };
}
