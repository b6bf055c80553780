/* The page's memory: which gifts this browser source has begun to show, kept over reloads and crashes.

   `seen` holds the newest ids; those the server has not confirmed yet are `open`. A write is synchronous and comes
   before the first paint, so that a reload in between cannot show a gift twice. */

const LIMIT = 2000;

export function openMemory({ storage, token, limit = LIMIT }) {
  const key = `giftcast.shown.${fingerprint(token)}`;
  let seen = new Set();
  let open = new Set();

  /* Takes in what is stored: another page with the same token may have written meanwhile. */
  function refresh() {
    const stored = read(storage, key);
    seen = new Set([...stored.seen, ...seen]);
    open = new Set([...stored.open, ...open]);
    trim();
  }

  function trim() {
    for (const id of seen) {
      if (seen.size <= limit) break;
      if (open.has(id)) continue;
      seen.delete(id);
    }
    for (const id of open) {
      if (open.size <= limit) break;
      open.delete(id);
    }
  }

  function write() {
    trim();
    try {
      storage?.setItem(key, JSON.stringify({ v: 1, seen: [...seen], open: [...open] }));
    } catch {
      /* Full or forbidden storage: this page still remembers; only a reload would forget. */
    }
  }

  refresh();
  return {
    key,
    refresh,
    has: (id) => seen.has(id),
    open: () => [...open],
    add(ids) {
      for (const id of ids) {
        seen.add(id);
        open.add(id);
      }
      write();
    },
    settle(ids) {
      let changed = false;
      for (const id of ids) changed = open.delete(id) || changed;
      if (changed) write();
    },
    /* Takes ids back that were written but never painted. */
    forget(ids) {
      for (const id of ids) {
        seen.delete(id);
        open.delete(id);
      }
      if (ids.length) write();
    },
  };
}

function read(storage, key) {
  try {
    const value = JSON.parse(storage?.getItem(key) ?? "null");
    return { seen: strings(value?.seen), open: strings(value?.open) };
  } catch {
    return { seen: [], open: [] };
  }
}

const strings = (value) => (Array.isArray(value) ? value.filter((id) => typeof id === "string") : []);

/* A short digest, so that the token itself is never stored (cyrb53; not a secret-keeping hash, only a name). */
function fingerprint(text) {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const point of text) {
    const code = point.codePointAt(0);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
