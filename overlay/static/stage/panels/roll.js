/* Roll: a number that counts to its new value in a few quick steps. */

import { number } from "../text.js";

const STEPS = 9;
const STEP_MS = 42;

/* The values between, the last one being the new one; the nearer, the slower. */
export function between(from, to, steps = STEPS) {
  const values = [];
  for (let step = 1; step <= steps; step += 1) {
    const share = 1 - (1 - step / steps) ** 2;
    const value = step === steps ? to : Math.round(from + (to - from) * share);
    if (value !== (values.at(-1) ?? from)) values.push(value);
  }
  return values.length ? values : [to];
}

const rolling = new WeakMap(); // element → { value, stop }

export function roll(element, to, clock, { still = false, text = number } = {}) {
  const known = rolling.get(element);
  known?.stop?.();
  const values = still || known === undefined ? [to] : between(known.value, to);
  const state = { value: to, stop: null };
  rolling.set(element, state);
  let at = 0;
  const tick = () => {
    element.textContent = text(values[at]);
    at += 1;
    state.stop = at < values.length ? clock.after(STEP_MS, tick) : null;
  };
  tick();
}
