/* Aims: a goal as something to draw. No DOM.

   The whole length stands for the target, or for what is there when that is more: then the target moves back and what
   lies beyond it is told as overshoot. */

export function aimOf({ now, target, segments = [] }) {
  const whole = Math.max(1, target, now);
  return {
    share: now / whole,
    mark: target / whole,
    reached: now >= target,
    percent: Math.floor((now / Math.max(1, target)) * 100),
    steps: segments.map((step) => ({ ...step, share: step.at / whole, reached: now >= step.at })),
  };
}

/* What was passed between two states of one goal, the last one last: steps, and the goal itself. A goal that was made
   smaller, or whose number went back, passes nothing. */
export function passed(before, after) {
  if (!before || before.target !== after.target || after.now <= before.now) return [];
  const crossed = (at) => before.now < at && after.now >= at;
  const steps = (after.segments ?? []).filter((step) => crossed(step.at)).map((step) => ({ kind: "step", name: step.name, at: step.at }));
  return crossed(after.target) ? [...steps, { kind: "goal", name: after.name, at: after.target }] : steps;
}

const PERIODS = { show: "this show", today: "today", week: "this week", month: "this month" };
export const periodWords = (period) => PERIODS[period] ?? "";

/* What is counted, in a word; none where a picture says it. */
export const unitWord = ({ counts }, many) => (counts !== "viewers" ? "" : many === 1 ? "viewer" : "viewers");
