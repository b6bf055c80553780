/* Entrances: which of those told are played, one after the other. Plain values, no DOM. */

const FRESH_MS = 15_000; // who came before that is part of the room by now
const WAITING = 4;
const REMEMBERED = 30;
const APART_MS = 250;
const SPANS = { today: "today", week: "this week", month: "this month", all: "of all time", show: "this show" };

export const titleOf = ({ rank, period }) => `${["", "Top gifter", "2nd gifter", "3rd gifter"][rank] ?? `Gifter no. ${rank}`} ${SPANS[period] ?? ""}`.trim();

/* play(entrance, done). A page that comes back does not play what it has played: ids are remembered in the session. */
export function createEntrances({ clock, play, storage = globalThis.sessionStorage }) {
  const KEY = "giftcast.entrances";
  let known = read();
  let queue = [];
  let busy = false;
  let paused = false;

  function read() {
    try {
      return JSON.parse(storage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  }

  function note(id) {
    known = [...known, id].slice(-REMEMBERED);
    try {
      storage.setItem(KEY, JSON.stringify(known));
    } catch {
      // then a reload within seconds plays it again
    }
  }

  function next() {
    if (busy || paused || queue.length === 0) return;
    const [first, ...rest] = queue;
    queue = rest;
    busy = true;
    play(first, () => {
      busy = false;
      clock.after(APART_MS, next);
    });
  }

  return {
    hear({ at, data }) {
      for (const entrance of data.entrances) {
        const age = Date.parse(at) - Date.parse(entrance.at);
        if (age > FRESH_MS || known.includes(entrance.id)) continue;
        note(entrance.id);
        queue.push({ ...entrance, period: data.period });
      }
      next();
      queue = queue.slice(-WAITING);
    },
    pause(on) {
      paused = on;
      if (on) queue = []; // nobody was there to see them come
      next();
    },
    waiting: () => queue.length,
  };
}
