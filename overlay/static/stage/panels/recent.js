/* Recent gifts, merged: what one viewer sent of one gift in a row is one entry. No DOM. */

const sameHand = (a, b) => a.gift.id === b.gift.id && a.viewer.name === b.viewer.name && a.viewer.platform === b.viewer.platform;
const sameCombo = (a, b) => Boolean(a.combo) && a.combo.id === b.combo?.id;

/* From the newest to the oldest. An entry's key is its first gift's id, so that it stays the same entry while more come. */
export function merged(gifts) {
  const entries = [];
  for (const gift of gifts) {
    const last = entries.at(-1);
    const known = last && sameHand(last, gift) ? last : entries.find((entry) => sameCombo(entry, gift));
    if (known) {
      known.count += gift.count;
      known.coins += gift.total_coins;
      known.key = gift.gift_id;
      known.gifts += 1;
      continue;
    }
    entries.push({
      key: gift.gift_id,
      gift_id: gift.gift_id,
      gift: gift.gift,
      viewer: gift.viewer,
      combo: gift.combo,
      count: gift.count,
      coins: gift.total_coins,
      gifts: 1,
    });
  }
  return entries;
}
