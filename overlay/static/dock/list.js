/* A keyed list: elements stay while what they show changes, so that focus and open questions stay too. */

export function createList({ root, make, write }) {
  const shown = new Map();
  return {
    set(items) {
      const keys = new Set(items.map((item) => item.key));
      for (const [key, element] of shown) {
        if (keys.has(key)) continue;
        element.remove();
        shown.delete(key);
      }
      items.forEach((item, at) => {
        let element = shown.get(item.key);
        if (!element) {
          element = make(item);
          shown.set(item.key, element);
        }
        write(element, item);
        if (root.children[at] !== element) root.insertBefore(element, root.children[at] ?? null);
      });
    },
  };
}
