/* Clock: the one source of time. Tests hand in their own. */

export const clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  /* Calls `act` once after `ms`; returns a function that calls it off. */
  after(ms, act) {
    const timer = setTimeout(act, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
