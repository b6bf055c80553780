/* Players: the element that shows a gift's art: a picture, or what a designer brought: WebM, Lottie, animated pictures.

   Each element of a player ends by `ends()` when it leaves the stage, and stands still while `holds(true)`. What cannot be
   shown gives way to the gift's still, or to the art that it is shipped with. */

import { giftUrl, ownArt, picture } from "./art.js";

const LOTTIE = "/static/vendor/lottie_light.min.js";
const PATIENCE_MS = 2_500;

let lottie = null; // promise of the player, once a gift needs it

function loadLottie() {
  lottie ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = LOTTIE;
    script.onload = () => done(globalThis.lottie);
    script.onerror = () => {
      lottie = null;
      failed(new Error("lottie"));
    };
    document.head.append(script);
  });
  return lottie;
}

/* Promises an element. still: nothing may move. */
export async function portray(art, size, { still = false } = {}) {
  const entry = ownArt(art);
  if (entry?.url && !still) {
    try {
      if (entry.plays === "video") return await video(entry);
      if (entry.plays === "lottie") return await film(entry);
      return await moving(entry);
    } catch {
      // it could not be loaded: what follows is always there
    }
  }
  const image = await picture(giftUrl(art, size));
  return Object.assign(image.cloneNode(), { alt: "" });
}

/* Has what a gift needs fetched before it plays. */
export async function prepare(art) {
  const entry = ownArt(art);
  if (entry?.plays === "lottie" && entry.url) await loadLottie();
}

const within = (promise) =>
  Promise.race([promise, new Promise((_, failed) => void setTimeout(() => failed(new Error("too slow")), PATIENCE_MS))]);

/* Animated pictures begin anew with each element, by an address of their own. */
let turn = 0;

async function moving(entry) {
  const image = new Image();
  turn += 1;
  image.src = entry.ms ? `${entry.url}&turn=${turn}` : entry.url;
  image.alt = "";
  await within(image.decode());
  return image;
}

async function video(entry) {
  const element = document.createElement("video");
  Object.assign(element, { muted: true, playsInline: true, loop: true, disablePictureInPicture: true, src: entry.url });
  element.setAttribute("muted", "");
  await within(
    new Promise((done, failed) => {
      element.oncanplay = done;
      element.onerror = failed;
    }),
  );
  element.ends = () => {
    element.pause();
    element.removeAttribute("src");
    element.load(); // gives the decoder back
  };
  element.holds = (on) => void (on ? element.pause() : element.play().catch(() => {}));
  await within(element.play());
  return element;
}

async function film(entry) {
  const [player, answer] = await within(Promise.all([loadLottie(), fetch(entry.url)]));
  if (!answer.ok) throw new Error("lottie");
  const container = document.createElement("div");
  container.className = "lottie";
  const animationData = await answer.json();
  const playing = player.loadAnimation({ container, renderer: "svg", loop: true, autoplay: true, animationData });
  if (!container.firstElementChild) throw new Error("lottie");
  container.ends = () => playing.destroy();
  container.holds = (on) => (on ? playing.pause() : playing.play());
  return container;
}

/* Ends whatever plays in an element. */
export function endAll(place) {
  for (const each of place.querySelectorAll("video, .lottie")) each.ends?.();
}
