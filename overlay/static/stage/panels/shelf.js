/* Shelf: what is new on a wall of gifts. No DOM. */

/* The gifts that were given for the first time between two states of one period, the dearest first. */
export function litUp(before, after) {
  if (!before || before.period !== after.period) return [];
  const dark = new Set(before.gifts.filter((each) => each.count === 0).map((each) => each.gift.id));
  return after.gifts.filter((each) => each.count > 0 && dark.has(each.gift.id)).sort((a, b) => b.gift.price_coins - a.gift.price_coins);
}

/* 7, 980, 1.2k, 34k, 2.1M */
export function shortCount(count) {
  if (count < 1000) return String(count);
  const [value, sign] = count < 999_500 ? [count / 1000, "k"] : [count / 1_000_000, "M"];
  return `${value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)}${sign}`;
}
