/* Cheers: one small card after the other, beside the gifts. Knows no DOM.

   They are live only and owe the server nothing: what comes while nothing may play is let go, and so is the smallest
   when too many wait.

   scene    draws: open(cheer), close(cheer, manner).
   listens  () → whether anything may play now; busy () → whether something great plays that is not to be disturbed. */

export const CHEER_RULES = { stay_ms: 4500, hurried_ms: 2200, gap_ms: 260, again_ms: 400, most: 8, fresh_ms: 45_000 };

export function createCheers({ clock, scene, listens, busy }) {
  const line = [];
  let open = null;
  let stop = null;

  function add(frame) {
    if (!listens()) return;
    line.push(cheerOf(frame.data, clock.now()));
    if (line.length > CHEER_RULES.most) line.splice(smallest(line), 1);
    if (!open && !stop) step();
  }

  function step() {
    stop = null;
    const now = clock.now();
    while (line.length && now - line[0].at > CHEER_RULES.fresh_ms) line.shift();
    if (!line.length || !listens()) return void line.splice(0);
    if (busy()) return void (stop = clock.after(CHEER_RULES.again_ms, step));
    open = line.shift();
    scene.open(open);
    stop = clock.after(line.length ? CHEER_RULES.hurried_ms : CHEER_RULES.stay_ms, () => end("leave"));
    return undefined;
  }

  function end(manner) {
    const was = open;
    open = null;
    if (was) scene.close(was, manner);
    stop = clock.after(CHEER_RULES.gap_ms, step);
  }

  return {
    add,
    /* A moderator clears the screen, or skips what plays (not a gift by its id). */
    control(action, gift_id) {
      if (action === "clear") line.splice(0);
      if ((action === "clear" || (action === "skip" && !gift_id)) && open) {
        stop();
        end("cut");
      }
    },
    state: () => ({ open: open ? open.bits : null, waiting: line.length }),
  };
}

function cheerOf(data, at) {
  return {
    viewer: data.anonymous === true ? null : String(data.viewer?.name ?? ""),
    bits: Math.max(1, Math.floor(Number(data.bits) || 1)),
    message: String(data.message ?? ""),
    at,
  };
}

/* The place of the smallest; of equal ones the newest. */
function smallest(line) {
  let place = 0;
  line.forEach((cheer, i) => {
    if (cheer.bits <= line[place].bits) place = i;
  });
  return place;
}
