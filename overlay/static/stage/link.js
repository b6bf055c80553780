/* The link: one socket to the server that never gives up.

   It says hello, answers pings, notices silence (a sleeping laptop leaves a socket half open) and comes back with
   growing, jittered pauses. What the frames mean is not its business. */

const WATCH_MS = 40_000;
const PAUSE_MS = 250;
const PAUSE_MAX_MS = 10_000;
const REFUSED_MS = 60_000;
const CLOSE_REFUSED = 4401;

export function openLink({ url, hello, clock, Socket = globalThis.WebSocket, random = Math.random, on }) {
  let socket = null;
  let state = "closed";
  let failures = 0;
  let heard = 0;
  let stopWatch = null;
  let stopRetry = null;

  function connect() {
    stopRetry = null;
    state = "opening";
    const mine = new Socket(url);
    socket = mine;
    heard = clock.date();
    watch();
    mine.onopen = () => {
      if (mine !== socket) return;
      heard = clock.date();
      transmit(hello());
    };
    mine.onmessage = (event) => {
      if (mine === socket) receive(event.data);
    };
    mine.onclose = (event) => {
      if (mine === socket) lose(event.code);
    };
    mine.onerror = () => {}; // a close always follows
  }

  function receive(text) {
    heard = clock.date();
    const message = parse(text);
    if (message === null) return;
    if (message.type === "ping") {
      transmit({ type: "pong" });
      return;
    }
    if (message.type === "welcome") {
      const first = state !== "open";
      state = "open";
      failures = 0;
      on.welcome(message, first);
      return;
    }
    on.frame(message);
  }

  function lose(code) {
    const was = state;
    socket = null;
    stopWatch?.();
    stopWatch = null;
    if (was === "stopped") return;
    const refused = code === CLOSE_REFUSED;
    state = refused ? "refused" : "closed";
    const pause = refused ? REFUSED_MS : random() * Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** Math.min(failures, 16));
    failures += 1;
    stopRetry = clock.after(pause, connect);
    if (refused) on.refused();
    else on.lost(was === "open");
  }

  /* How long nothing was heard. A clock that was put back must not keep a dead line: from then on it counts anew. */
  function quiet() {
    heard = Math.min(heard, clock.date());
    return clock.date() - heard;
  }

  /* Compares times instead of counting ticks: timers of a hidden page are slow, and of a sleeping machine stand still. */
  function watch() {
    stopWatch?.();
    stopWatch = clock.after(WATCH_MS - quiet(), () => {
      if (quiet() < WATCH_MS) return watch();
      const dead = socket;
      lose(0);
      if (dead) dead.close();
      return undefined;
    });
  }

  function transmit(message) {
    if (!socket || socket.readyState !== 1) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  connect();
  return {
    /* True when the message was handed to an open, welcomed socket. */
    send: (message) => state === "open" && transmit(message),
    state: () => state,
    stop() {
      state = "stopped";
      stopRetry?.();
      stopWatch?.();
      socket?.close();
    },
  };
}

function parse(text) {
  try {
    const message = JSON.parse(text);
    return message && typeof message.type === "string" ? message : null;
  } catch {
    return null;
  }
}
