/* All gifts with their prices. Beside the chat where there is room, a sheet from below where there is not. */

import { byId, coins, el, picture } from "./dom.js";

export function createShelf(gifts, onPick) {
  const shelf = byId("shelf");
  const opener = byId("shelf-open");
  const shade = byId("shade");

  byId("gifts").replaceChildren(...gifts.list.map((gift) => {
    const button = el("button", { class: "gift", type: "button", title: gift.alt }, picture(gift, 96, 48), el("b", {}, gift.name), coins(gift.price_coins));
    button.addEventListener("click", () => {
      close(false);
      onPick(gift);
    });
    return el("li", {}, button);
  }));

  function open() {
    shelf.classList.add("open");
    shade.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    byId("shelf-close").focus();
  }

  function close(back) {
    if (!shelf.classList.contains("open")) return;
    shelf.classList.remove("open");
    shade.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus();
  }

  opener.addEventListener("click", open);
  byId("shelf-close").addEventListener("click", () => close(true));
  shade.addEventListener("click", () => close(true));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
}
