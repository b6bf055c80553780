/* Speech: what was written with a gift, said aloud after the gift's own sound. The server makes the sound and tells where it
   can be fetched, once. One speaks at a time; what is skipped, muted or deleted is silent at once.

   sound   speak(bytes, over) → promise of a way to stop. load(path) → promise of bytes.
   may     whether anything may be heard now; isShown(id): whether the gift is on the screen, where its words belong. */

const AFTER_MS = 900; // the gift's own sound comes first
const WAITING_MAX = 3;

export function createSpeech({ clock, sound, load, may, isShown }) {
  const line = []; // { id, bytes }: fetched at once, for the address does not live long
  let now = null; // { id, stop }

  async function add({ gift_id: id, path }) {
    if (!may() || !isShown(id) || line.length >= WAITING_MAX) return;
    const words = { id, bytes: load(path).catch(() => null) };
    line.push(words);
    clock.after(AFTER_MS, next);
    await words.bytes;
  }

  async function next() {
    if (now || !line.length) return;
    const { id, bytes } = line.shift();
    const mine = { id, stop: () => {} };
    now = mine;
    const known = await bytes;
    const over = () => {
      if (now !== mine) return;
      now = null;
      next();
    };
    if (now !== mine) return;
    if (!known || !may()) {
      over();
      return;
    }
    const stop = await sound.speak(known, over);
    if (now === mine) mine.stop = stop ?? mine.stop;
    else stop?.();
  }

  /* Silences one gift, or all. */
  function hush(id) {
    for (let i = line.length - 1; i >= 0; i -= 1) if (!id || line[i].id === id) line.splice(i, 1);
    if (!now || (id && now.id !== id)) return;
    const { stop } = now;
    now = null;
    stop();
    next();
  }

  return {
    add,
    hush,
    control(action, id) {
      const skipped = id ?? now?.id;
      if (action === "skip" && skipped) hush(skipped);
      else if (action === "mute" || action === "clear") hush();
    },
    state: () => ({ saying: now?.id ?? null, waiting: line.length }),
  };
}

export async function loadClip(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.arrayBuffer();
}
