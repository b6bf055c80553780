/* The director decides what plays, where, for how long. It knows no DOM.

   scene     draws: prepare(show), open(show, painted, appears), bump(show, painted), write(show), close(show, manner), freeze(on), mute(on);
             knows lengthMs(show) of a film, captionMs(show) of it in which names can be read, and lines(show, names), see roll.js;
             and the tray of what was missed: `tray`, see missed.js.
             `painted` is called once the change is on the screen; `appears` right before it is, when pictures, fonts and themes
             have come and nothing is waited for any more. Manners: leave | cut | quiet.
   receipts  owes the server: knows, begin, painted, again, withdraw, dropped, settled, close.
   clock     now(), after(ms, act). */

import { createCast } from "./cast.js";
import { createMissed } from "./missed.js";
import { CARD_VIEWERS, cardEnd, cardPageMs, filmPages, filmRate, kindOf, press } from "./pressure.js";
import { createRoll } from "./roll.js";
import { absorb, coinsOf, createShow, isCrowd, keyOf, memberOf, seqOf, takeWords, viewersOf } from "./show.js";

export const RULES = {
  lanes: 3,
  card_ms: 6000,
  card_least_ms: 1700,
  scene_ms: 7500,
  scene_least_ms: 2400,
  combo_ms: 4000,
  exit_ms: 320,
  hero_gap_ms: 350,
  hero_close_ms: 1500,
  hero_from_tier: 5,
  hero_from_coins: 0,
  missed_from: 10, // showings that wait when the page comes back; 0: never a tray
  missed_films: 2,
};
const CATCHING_MS = 10_000; // the server says when it has told all; after so long it is not waited for
const ENCORES_MAX = 20;

export function createDirector({ clock, scene, receipts, rules: given = {} }) {
  const rules = { ...RULES, ...given };
  const line = []; // waiting cards
  const wings = []; // waiting heroes
  let playing = []; // cards in lanes
  let hero = null;
  const cast = createCast(receipts);
  const hold = { paused: false, standby: false, hidden: false, inactive: false, offline: false, catching: false };
  let hiddenAt = 0;
  let stopWake = null;
  let stopCatching = null;
  let back = false; // it has come back, and looks at what waits
  let encores = 0;
  let grown = false; // something was put into a line since it was last pressed

  const free = () => !hold.paused && !hold.standby && !hold.hidden && !hold.offline && !hold.catching;
  const away = () => !free() || hold.inactive;
  const missed = createMissed({ clock, scene: scene.tray, cast, may: () => !away(), changed: () => step() });
  const roll = createRoll({ clock, scene, paceMs, changed: () => step() });
  const onStage = () => (hero ? [...playing, hero] : playing);
  const inLine = () => [...line, ...wings];

  /* ── what comes in ─────────────────────────────────────────────── */

  function gift(frame) {
    const member = memberOf(frame, clock.now());
    if (hold.standby || cast.find(member.id)) return;
    if (cast.isRefused(member.id)) return receipts.dropped([member.id]);
    if (receipts.knows(member.id)) return receipts.again(member.id);
    const fits = (show) => goesWith(show, member);
    const show = (free() && onStage().find(fits)) || inLine().find(fits);
    if (show) join(show, member);
    else enqueue(createShow(member, kindOf(member, rules)));
    return step();
  }

  function enqueue(show) {
    cast.put(show);
    if (show.kind === "hero") scene.prepare(show);
    (show.kind === "hero" ? wings : line).push(show);
    grown = true;
  }

  /* Whether the gift may count up this show: its combo, or a crowd of the same gift. Not in a lane that is no more: it may
     lie outside. */
  function goesWith(show, member) {
    const great = kindOf(member, rules) === "hero";
    if (show.encore || show.phase === "leaving" || show.lane >= rules.lanes || great !== (show.kind === "hero")) return false;
    if (great && show.phase === "playing" && endOf(show) - clock.now() < rules.hero_close_ms) return false; // its caption is going
    if (member.combo && show.combo === member.combo) return true;
    if (great || !isCrowd(show) || (show.phase === "playing" && line.length && roll.through(show))) return false; // others wait
    if (show.mixed) return viewersOf(show).has(keyOf(member));
    return show.gift.id === member.gift.id && canName(show, { members: [member] });
  }

  function join(show, member) {
    absorb(show, createShow(member, show.kind));
    cast.put(show);
    if (show.phase !== "playing") return;
    show.bumped_at = clock.now();
    paint(show, "bump");
  }

  /* ── what goes on the screen ───────────────────────────────────── */

  /* Gifts are written down in the frame that shows them: what is written counts as seen, should the page crash. */
  function paint(show, verb) {
    roll.set(show);
    if (verb === "bump" && !show.appeared) return; // it opens with all who are in it by then
    let fresh = [];
    const appears = () => {
      if (verb === "open") roll.set(show); // the page may wear another theme by now, with other room for names
      show.appeared = true;
      fresh = hold.hidden ? [] : cast.begin(show);
    };
    const painted = () => {
      if (verb === "open") show.opened_at = clock.now(); // a film may have waited for its pictures
      cast.confirm(show, fresh);
      if (!hold.hidden) roll.go(show);
      step();
    };
    if (verb === "open") scene.open(show, painted, appears);
    else {
      appears();
      scene.bump(show, painted);
    }
  }

  /* Whether one show has the time to name all who sent these two. */
  function canName(show, other) {
    if (show.kind === "hero") {
      const most = filmPages(scene.captionMs(show));
      if (pagesOf(show) + pagesOf(other) > most + 1) return false; // spares the measuring
      return roll.pages(show, [...show.members, ...other.members]) <= most;
    }
    const viewers = viewersOf(show);
    let many = viewers.size;
    for (const viewer of viewersOf(other)) if (!viewers.has(viewer)) many += 1;
    return many <= CARD_VIEWERS;
  }

  function pagesOf(film) {
    const viewers = viewersOf(film).size;
    if (film.paged?.viewers !== viewers) film.paged = { viewers, pages: roll.pages(film, film.members) };
    return film.paged.pages;
  }

  function paceMs(show) {
    return show.kind === "hero" ? show.page_ms : cardPageMs(line.length, rules.lanes);
  }

  function pace(film) {
    const caption_ms = scene.captionMs(film);
    const pages = isCrowd(film) ? roll.pages(film, film.members) : 1;
    film.rate = filmRate(wings.length, caption_ms, pages);
    film.page_ms = caption_ms / film.rate / pages;
  }

  function open(show, lane) {
    show.phase = "playing";
    show.lane = lane;
    show.opened_at = clock.now();
    show.bumped_at = show.opened_at;
    if (show.kind === "hero") pace(show);
    paint(show, "open");
  }

  function close(show, manner) {
    if (show.phase === "leaving") return;
    show.phase = "leaving";
    show.left_at = clock.now();
    roll.end(show);
    cast.dismiss(show, { silent: manner === "quiet" });
    scene.close(show, manner);
  }

  /* ── time ──────────────────────────────────────────────────────── */

  function endOf(show) {
    if (show.phase === "leaving") return show.left_at + (show.kind === "hero" ? rules.hero_gap_ms : rules.exit_ms);
    if (show.kind === "hero") return show.opened_at + scene.lengthMs(show) / show.rate;
    return cardEnd(show, line.length, rules);
  }

  /* A show with members nobody has seen yet stays, however late the paint is; and a card until all were named. */
  const mayEnd = (show) => !cast.unseen(show) && (show.kind === "hero" || show.phase === "leaving" || roll.through(show));
  const isOver = (show, now) => show.phase === "playing" && mayEnd(show) && endOf(show) <= now;

  function step() {
    stopWake?.();
    stopWake = null;
    if (back && !away()) {
      back = false;
      if (rules.missed_from > 0) missed.gather(line, wings, rules);
    }
    if (!hold.catching) crowd(); // what is still being told may be missed, and is then told by name
    if (hold.hidden) return;
    missed.go();
    const now = clock.now();
    for (const show of onStage()) if (isOver(show, now)) close(show, "leave");
    playing = playing.filter((show) => show.phase === "playing" || endOf(show) > now);
    if (hero && hero.phase === "leaving" && endOf(hero) <= now) hero = null;
    fill();
    wake(now);
  }

  /* Under pressure waiting shows merge; heroes only with their like. */
  function crowd() {
    if (!grown) return;
    grown = false;
    const merged = press(line, rules.lanes, { fits: canName }) + press(wings, rules.lanes, { rest: false, fits: canName });
    if (merged) for (const show of inLine()) cast.put(show);
  }

  function fill() {
    if (!free()) return;
    while (line.length && playing.length < rules.lanes) {
      const show = line.find((each) => each.tier >= 3) ?? line[0];
      line.splice(line.indexOf(show), 1);
      playing.push(show);
      open(show, freeLane(show));
    }
    if (!hero && wings.length && !hold.inactive && !missed.show()) {
      wings.sort((a, b) => coinsOf(b) - coinsOf(a) || seqOf(a) - seqOf(b));
      hero = wings.shift();
      open(hero, -1);
    }
  }

  function freeLane(me) {
    const taken = new Set(playing.filter((show) => show !== me).map((show) => show.lane));
    for (let lane = 0; lane < rules.lanes; lane += 1) if (!taken.has(lane)) return lane;
    return rules.lanes - 1;
  }

  function wake(now) {
    let next = Infinity;
    for (const show of onStage()) if (mayEnd(show)) next = Math.min(next, endOf(show));
    if (next < Infinity) stopWake = clock.after(Math.max(1, next - now), step);
  }

  /* ── orders ────────────────────────────────────────────────────── */

  /* Takes one gift off: out of the line, or out of the counter it is part of. */
  function remove(id) {
    const show = cast.remove(id);
    if (!show) return;
    if (show.kind === "tray") {
      missed.lost();
      return;
    }
    if (show.members.length > 0) {
      if (show.phase === "playing") paint(show, "bump");
    } else if (show.phase === "waiting") {
      for (const list of [line, wings]) if (list.includes(show)) list.splice(list.indexOf(show), 1);
    } else close(show, "cut");
  }

  function recall(ids) {
    if (hold.standby) return;
    const gone = ids.filter((id) => !cast.isPainted(id));
    for (const id of ids) if (!gone.includes(id)) receipts.again(id);
    for (const id of gone) remove(id);
    cast.refuse(gone);
    step();
  }

  /* The showings of a gift that was to be played once more. */
  const encoresOf = (id) => [...inLine(), ...onStage()].filter((show) => show.encore && show.members[0]?.of === id);

  /* Plays a gift once more: it counts up nothing, and nobody waits for word of it. */
  function replay(id, data) {
    if (hold.standby || !data || inLine().filter((show) => show.encore).length >= ENCORES_MAX) return;
    encores += 1;
    const member = memberOf({ seq: Number.parseInt(id, 10), data }, clock.now(), encores);
    enqueue(createShow(member, kindOf(member, rules)));
    step();
  }

  function returned(id) {
    for (const show of encoresOf(id)) remove(show.members[0].id);
    remove(id);
    cast.forget(id);
    step();
  }

  /* The words that came with a gift go off the screen at once; the gift stays. */
  function unsay(id) {
    const show = cast.find(id);
    if (show && takeWords(show, id) && show.kind !== "tray" && show.phase === "playing") scene.write(show);
    for (const encore of encoresOf(id)) if (takeWords(encore, encore.members[0].id) && encore.phase === "playing") scene.write(encore);
  }

  /* The face of who sent these has come. */
  function face(ids, avatar) {
    const shows = new Set();
    for (const id of ids) {
      for (const show of [cast.find(id), ...encoresOf(id)]) {
        for (const member of show?.members ?? []) if (member.of === id) member.avatar = avatar;
        if (show) shows.add(show);
      }
    }
    for (const show of shows) if (show.kind !== "tray" && show.phase === "playing") scene.write(show);
  }

  function skip(id) {
    const named = id ? cast.find(id) : null;
    if (named?.kind === "tray") {
      if (cast.isPainted(id)) return;
      remove(id);
      cast.refuse([id]);
    } else if (named?.phase === "waiting") {
      remove(id);
      cast.refuse([id]);
    } else if (named) close(named, "cut");
    else if (!id && hero?.phase === "playing") close(hero, "cut");
    else if (!id && playing.length) for (const show of playing) close(show, "cut");
    else if (!id) missed.next();
    step();
  }

  /* Empties the line. `silent`: the server will replay, nothing is answered. */
  function empty(silent) {
    for (const show of inLine()) cast.dismiss(show, { silent });
    line.length = 0;
    wings.length = 0;
  }

  function endAll(manner) {
    for (const show of onStage()) close(show, manner);
  }

  const orders = {
    pause: () => set("paused", true),
    resume: () => set("paused", false),
    mute: () => scene.mute(true),
    unmute: () => scene.mute(false),
    skip,
    replay,
    clear() {
      empty(false);
      missed.end("cut");
      endAll("cut");
      step();
    },
  };

  function set(name, value) {
    hold[name] = value;
    step();
  }

  function catching(on) {
    stopCatching?.();
    stopCatching = on ? clock.after(CATCHING_MS, () => catching(false)) : null;
    if (hold.catching && !on) back = true;
    set("catching", on);
  }

  /* While hidden nothing can be seen: time stands still, and what was written but not painted is taken back. */
  function hide(on) {
    if (on === hold.hidden) return;
    const now = clock.now();
    hold.hidden = on;
    scene.freeze(on);
    missed.freeze(on);
    roll.freeze(on);
    back = true;
    if (on) {
      hiddenAt = now;
      for (const show of onStage()) cast.withdraw(show);
      return;
    }
    for (const show of onStage()) {
      for (const field of ["opened_at", "bumped_at", "left_at"]) if (show[field]) show[field] += now - hiddenAt;
      if (show.phase === "playing" && cast.waits(show)) paint(show, "bump");
      else if (!cast.unseen(show)) roll.go(show);
    }
  }

  return {
    gift,
    recall,
    returned,
    unsay,
    /* Whether it is on the screen, by itself: a row in a tray is not the place for words. */
    isShown: (id) => ["card", "scene", "hero"].includes(cast.find(id)?.kind) && cast.find(id).phase === "playing",
    face,
    settled: (ids) => receipts.settled(ids),
    control: (action, id, sent) => orders[action]?.(id, sent),
    presence({ visible, active }) {
      hide(!visible);
      if (hold.inactive && active) back = true;
      set("inactive", !active);
    },
    offline: (on) => set("offline", on),
    /* The server is telling what this source has not shown, until it says that this was all. */
    catching,
    /* A fresh connection: the server replays what is unshown, so the old line (test gifts aside) is out of date. */
    restart() {
      const tests = inLine().filter((show) => show.members.every((member) => !member.owed));
      missed.release();
      for (const show of tests) for (const list of [line, wings]) if (list.includes(show)) list.splice(list.indexOf(show), 1);
      empty(true);
      for (const show of tests) enqueue(show);
      set("offline", false);
    },
    standby(on) {
      hold.standby = on;
      if (on) {
        empty(true);
        missed.end("quiet");
        endAll("quiet");
      }
      step();
    },
    paused: (on) => set("paused", on),
    configure(more) {
      Object.assign(rules, more);
      grown = true;
      step();
    },
    /* The page is going away: nothing unpainted may stay written. */
    leave() {
      for (const show of onStage()) cast.withdraw(show);
      if (missed.show()) cast.withdraw(missed.show());
    },
    state: () => ({
      ...hold,
      waiting: line.length,
      wings: wings.length,
      lanes: playing.map((show) => ({ lane: show.lane, gift: show.gift.id, members: show.members.length })),
      hero: hero ? hero.gift.id : null,
      tray: missed.state(),
    }),
  };
}
