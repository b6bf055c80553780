/* The link that is dragged out of the page and dropped into OBS, which makes a browser source of it.

   OBS reads name and size out of the query and takes them off again (window-basic-main-dropfiles.cpp); without a size it
   takes the canvas's. They stand before the fragment, which OBS keeps: the token is in it. */

import { byId } from "./dom.js";

const NAME = "giftcast alerts";

/* The overlay's address with the parameters for OBS. size: like "1920x1080", or nothing. */
export function layerLink(href, name, size = "") {
  const url = new URL(href);
  const [width, height] = size.split("x");
  const layer = [`layer-name=${encodeURIComponent(name)}`]; // not with "+" for a space: OBS would keep it
  if (width && height) layer.push(`layer-width=${width}`, `layer-height=${height}`);
  url.search = layer.join("&");
  return url.href;
}

export function dragLink(href) {
  const link = byId("drag");
  const size = byId("drag-size");
  const set = () => { link.href = layerLink(href, NAME, size.value); };
  size.onchange = set;
  // Opened here it would be a second copy of the source; only one of them plays.
  link.onclick = (event) => event.preventDefault();
  set();
}
