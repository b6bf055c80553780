/* The list above the input: gifts while one types a gift's name, commands while one types a command. */

import { byId, coins, el, picture } from "./dom.js";

const SHOWN_MAX = 30;

export function createSuggestions({ input, gifts, commands, prefix, onPick }) {
  const list = byId("suggestions");
  const giftLine = new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}gift\\s+([^\\d].*|)$`, "i");
  let options = [];
  let active = -1;

  function optionsFor(text) {
    const gift = giftLine.exec(text);
    if (gift) {
      if (gifts.read(text)) return [];
      return gifts.search(gift[1]).slice(0, SHOWN_MAX).map((found) => ({ gift: found, text: `${prefix}gift ${found.id} ` }));
    }
    if (!text.startsWith(prefix) || /\s/.test(text)) return [];
    const typed = text.toLowerCase();
    return commands
      .filter((command) => command.text.startsWith(typed) && command.text !== typed)
      .map((command) => ({ command, text: command.text + (command.more ? " " : "") }));
  }

  function update() {
    options = optionsFor(input.value);
    active = -1;
    list.replaceChildren(...options.map(row));
    show(options.length > 0);
  }

  function row(option, index) {
    const node = el("li", { class: "suggestion", role: "option", id: `suggestion-${index}`, "aria-selected": "false" });
    if (option.gift) node.append(picture(option.gift, 96, 36) ?? "", el("span", {}, option.gift.name), coins(option.gift.price_coins));
    else node.append(el("span", { class: "sign", "aria-hidden": "true" }, prefix), el("span", {}, option.command.text, el("small", {}, option.command.help)));
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", () => pick(index));
    return node;
  }

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const before = list.children[active];
    before?.setAttribute("aria-selected", "false");
    active = active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length;
    const node = list.children[active];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", node.id);
  }

  function pick(index) {
    const option = options[index];
    close();
    if (option) onPick(option.text);
  }

  const close = () => show(false);

  /* True when the key was meant for the list. */
  function key(event) {
    if (list.hidden) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active >= 0) pick(active);
    else if (event.key === "Tab" && !event.shiftKey) pick(Math.max(0, active));
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  }

  return { update, key, close };
}
