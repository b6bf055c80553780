/* Missed: what waited while nobody could see it is told compactly, in a tray that names everybody, page by page. Each gift
   is written down and acknowledged with the page that shows it; the dearest films are left to play in full. It knows no DOM.

   scene   open(show), page(show, rows, painted), write(show, rows), close(show, manner): a show of the kind "tray".
   may     whether anything may be shown now. changed: called when the tray has gone, and after each page. */

import { absorb, coinsOf, createShow, isCrowd, keyOf } from "./show.js";

const WHOLE_MS = 24_000; // about what a tray may take, however many it names
const PAGE_MS = [1400, 3200];
const LATE_MS = 300; // a paint that is late is waited for
const ROWS = [
  [12, 6],
  [40, 8],
  [Infinity, 14],
]; // so many viewers → so many to a page

export const rowsOf = (viewers) => ROWS.find(([most]) => viewers <= most)[1];
export const pageMs = (viewers) => Math.min(PAGE_MS[1], Math.max(PAGE_MS[0], WHOLE_MS / Math.ceil(viewers / rowsOf(viewers))));

/* The members by viewer, who gave most first. */
export function byViewer(members) {
  const rows = new Map();
  for (const member of members) {
    const key = keyOf(member);
    const row = rows.get(key) ?? { viewer: member.viewer, platform: member.platform, members: [], coins: 0 };
    row.members.push(member);
    row.coins += member.coins;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.coins - a.coins || a.members[0].seq - b.members[0].seq);
}

export function createMissed({ clock, scene, cast, may, changed }) {
  let show = null;
  let rows = []; // on the page that is seen
  let stop = null;
  let size = 6;
  let page_ms = PAGE_MS[1];

  /* Takes what waits out of the lists, if it is much. The dearest films stay there, but not one that many sent: its caption
     has no room for all their names. */
  function gather(line, wings, { missed_from, missed_films }) {
    const waiting = [...line, ...wings].filter((each) => !each.encore);
    const showings = new Set(waiting.flatMap((each) => each.members.map((member) => member.combo ?? member.id)));
    if (showings.size < missed_from) return undefined;
    const dearest = wings.filter((each) => !each.encore && !isCrowd(each)).sort((a, b) => coinsOf(b) - coinsOf(a));
    const kept = new Set(dearest.slice(0, missed_films));
    const told = waiting.filter((each) => !kept.has(each));
    if (!told.length) return undefined;
    for (const list of [line, wings]) list.splice(0, list.length, ...list.filter((each) => !told.includes(each)));
    const fresh = !show;
    if (fresh) {
      show = { ...createShow(told[0].members[0], "tray"), members: [], combo: null, mixed: true, phase: "playing" };
      rows = [];
    }
    for (const each of told) absorb(show, each);
    cast.put(show);
    const viewers = byViewer(show.members).length;
    size = rowsOf(viewers);
    page_ms = pageMs(viewers);
    if (!fresh) return scene.write(show, rows);
    scene.open(show);
    return turn();
  }

  function turn() {
    stop?.();
    stop = null;
    if (!show || !may()) return;
    const next = byViewer(show.members.filter((member) => member.state === "waiting")).slice(0, size);
    if (!next.length) {
      if (cast.unseen(show)) stop = clock.after(LATE_MS, turn);
      else end("leave");
      return;
    }
    rows = next;
    const mine = show;
    const fresh = cast.begin(
      show,
      rows.flatMap((row) => row.members),
    );
    stop = clock.after(page_ms, turn);
    scene.page(show, rows, () => {
      cast.confirm(mine, fresh);
      changed();
    });
  }

  function end(manner) {
    stop?.();
    stop = null;
    if (!show) return;
    const gone = show;
    show = null;
    rows = [];
    gone.phase = "leaving";
    cast.dismiss(gone, { silent: manner === "quiet" });
    scene.close(gone, manner);
    changed();
  }

  return {
    gather,
    end,
    show: () => show,
    /* Goes on, where it had to stop because nothing may be shown. */
    go() {
      if (show && !stop) turn();
    },
    next: turn,
    /* A gift was taken out of it. */
    lost() {
      if (!show) return;
      if (!show.members.length) return end("cut");
      rows = rows.map((row) => ({ ...row, members: row.members.filter((member) => show.members.includes(member)) })).filter((row) => row.members.length);
      return scene.write(show, rows);
    },
    /* Nothing can be seen: what was not painted is told on the next page. */
    freeze(on) {
      if (!show) return;
      stop?.();
      stop = null;
      if (on) cast.withdraw(show);
    },
    /* The server tells again what is unshown: only what has been seen stays, until its page is over. */
    release() {
      if (!show) return;
      const unseen = { ...show, members: show.members.filter((member) => member.state !== "painted") };
      show.members = show.members.filter((member) => member.state === "painted");
      cast.dismiss(unseen, { silent: true });
    },
    state: () => (show ? { gifts: show.members.length, left: show.members.filter((member) => member.state !== "painted").length } : null),
  };
}
