/* What a typed line means to the page: which gift, how many, what it costs. The server decides; this only helps. */

const COUNT = /^(\d{1,5})$|^x(\d{1,5})$|^(\d{1,5})x$/i;

export const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\u200d\ufe0f]/g, "").toLowerCase().replace(/[-_\s]+/g, " ").trim();

export function createGifts(list, prefix) {
  const byName = new Map();
  for (const gift of list) {
    for (const name of [gift.id, gift.name]) {
      const key = folded(name);
      for (const form of [key, `${key}s`, `${key}es`, key.replace(/y$/, "ies")]) {
        if (!byName.has(form)) byName.set(form, gift);
      }
    }
  }
  const wanted = new RegExp(`^\\s*${prefix.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}gift\\s+(.+)$`, "i");

  /* The gift and count in a line such as "!gift rose 5 well played", or null. */
  function read(line) {
    const words = wanted.exec(line)?.[1].trim().split(/\s+/) ?? [];
    let count = 1;
    if (words.length > 1 && COUNT.test(words[0])) count = counted(words.shift());
    for (let size = Math.min(4, words.length); size > 0; size -= 1) {
      const gift = byName.get(folded(words.slice(0, size).join(" ")));
      if (!gift) continue;
      if (words[size] && COUNT.test(words[size])) count = counted(words[size]);
      return { gift, count: Math.max(1, count) };
    }
    return null;
  }

  /* Gifts whose name has what was typed: those that begin with it first. */
  function search(typed) {
    const part = folded(typed);
    const rank = (gift) => {
      const names = [folded(gift.name), folded(gift.id)];
      if (names.some((name) => name.startsWith(part))) return 0;
      return names.some((name) => name.includes(part)) ? 1 : 2;
    };
    return list
      .map((gift, place) => ({ gift, place, rank: rank(gift) }))
      .filter((found) => found.rank < 2)
      .sort((a, b) => a.rank - b.rank || a.place - b.place)
      .map((found) => found.gift);
  }

  return { read, search, list, find: (id) => list.find((gift) => gift.id === id) };
}

const counted = (word) => Number(COUNT.exec(word).slice(1).find(Boolean));
