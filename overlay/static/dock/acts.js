/* Acts: what is done is a line of chat, said by a moderator. Each has an id of its own, under which it is sent again when
   nobody answered: it counts once. */

const WAIT_MS = 8_000;
const TRIES = 4;
const PAUSE_MS = 700;

/* post(act) → {status, body}, or throws when nobody answered. */
export function createActs({ post, newId, name, stage, clock, told }) {
  const busy = new Set(); // lines under way: a double click is one act

  async function send(act, tries) {
    const found = await post(act).catch(() => null);
    if (found && found.status !== 503) return found;
    if (tries <= 1) return found;
    await new Promise((done) => clock.after(PAUSE_MS, done));
    return send(act, tries - 1);
  }

  return {
    busy: (line) => busy.has(line),
    /* Says the line, and what came of it. undo: the line that takes it back, where there is one. */
    async say(line, { undo = "" } = {}) {
      if (busy.has(line)) return;
      busy.add(line);
      const found = await send({ id: newId(), line, name: name(), stage }, TRIES);
      busy.delete(line);
      if (found === null) told({ text: "giftcast does not answer. Look at the list before you try again.", ok: false });
      else if (found.status === 401) told({ text: "You are logged out.", ok: false, login: true });
      else if (found.body.reply) told({ text: found.body.reply, ok: found.body.ok !== false, undo: found.body.ok === false ? "" : undo });
      else told({ text: `${found.body.error ?? "That did not work."} ${found.body.fix ?? ""}`.trim(), ok: false });
    },
  };
}

/* How acts reach the server. */
export function poster(csrf) {
  return async (act) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT_MS);
    try {
      const answer = await fetch("/dock/acts", {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify(act),
        signal: stop.signal,
      });
      return { status: answer.status, body: await answer.json() };
    } finally {
      clearTimeout(timer);
    }
  };
}
