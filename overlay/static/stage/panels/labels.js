/* Labels along a line: where each stands so that none lies over another. Plain numbers, no DOM. */

/* How long each may be so that all fit into `room`: the longest are cut first, all to the same length. */
export function shares(lengths, room) {
  let left = room;
  let most = Infinity;
  [...lengths]
    .sort((a, b) => a - b)
    .forEach((length, at, all) => {
      const fair = left / (all.length - at);
      if (length > fair) most = Math.min(most, fair);
      left -= Math.min(length, fair);
    });
  return lengths.map((length) => Math.min(length, most));
}

/* Where each begins: as near to its middle as the others and both ends allow. labels: {middle, long}, in their order; together
   they fit. Those that would collide move apart around the middle of all of them. */
export function apart(labels, { from, to, gap }) {
  const groups = [];
  let before = 0; // length of all that stand before, with gaps
  for (const { middle, long } of labels) {
    groups.push({ at: middle - long / 2 - before, count: 1 });
    before += long + gap;
    while (groups.length > 1 && groups.at(-1).at < groups.at(-2).at) {
      const [one, other] = groups.splice(-2);
      const count = one.count + other.count;
      groups.push({ at: (one.at * one.count + other.at * other.count) / count, count });
    }
  }
  const last = to - (before - gap);
  const starts = groups.flatMap(({ at, count }) => Array(count).fill(Math.max(from, Math.min(at, last))));
  let taken = 0;
  return labels.map(({ long }, at) => {
    const start = starts[at] + taken;
    taken += long + gap;
    return start;
  });
}

/* Which of them are left when there is only room for some: those next to `here`. middles: in their order. */
export function nearest(middles, here, count) {
  const by = middles.map((middle, at) => ({ at, far: Math.abs(middle - here) })).sort((a, b) => a.far - b.far);
  return new Set(by.slice(0, Math.max(0, count)).map(({ at }) => at));
}
