/* The wardrobe: the theme that the page wears. A theme is one style sheet in the layer above the house's own; a new one
   is put on before the old one is taken off, so that nothing is undressed in between.

   It may lay out a card anew: as a tree that the server made of its `card.html` (overlay/theme_card.py, layout.js).

   Besides looks, a theme's sheet may say what flies: `--sparks` (colours, #rrggbb) and `--spark-kind` (a shape of
   sprites.js) for all but films, which keep their own. */

import { forgetFonts } from "./text.js";

const PATIENCE_MS = 1_500;
const COLOUR = /^#[0-9a-f]{3,8}$/i;
const PLAIN = new Set(["star", "confetti", "dot", "crumb"]); // shapes that mean nothing by themselves
const OWN = new Set(["smoke", "fire", "flame"]); // a steam of many colours is none

/* A spray as a theme wants it. */
export const tint = (spray, { sparks, kind }) => ({
  ...spray,
  ...(sparks.length && spray.inks && !OWN.has(spray.kind) ? { inks: sparks } : {}),
  ...(kind && PLAIN.has(spray.kind ?? "dot") ? { kind } : {}),
});

export function createWardrobe({ clock, tell }) {
  let sheet = ""; // what is worn or being put on
  let element = null;
  let sparks = [];
  let kind = "";
  let card = null;
  let dressed = null;
  const first = new Promise((done) => void (dressed = done));

  /* Puts on {name, sheet, card}; no sheet is the house's own style, no card its own layout. */
  async function wear(theme) {
    const wanted = theme?.sheet ?? "";
    if (wanted !== sheet) {
      sheet = wanted;
      const fresh = wanted ? put(wanted) : null;
      const [laid] = await Promise.all([theme?.card ? cardAt(theme.card) : null, fresh?.here]);
      if (sheet !== wanted) return fresh?.element.remove(); // another was asked for meanwhile
      element?.remove();
      element = fresh?.element ?? null;
      card = laid;
      read();
      await fonts();
      forgetFonts();
      tell("dressed");
    }
    dressed();
    return undefined;
  }

  function put(address) {
    const made = document.createElement("style");
    const here = new Promise((done) => {
      made.onload = made.onerror = done;
      clock.after(PATIENCE_MS, done);
    });
    made.textContent = `@import url("${new URL(address, location).pathname}${new URL(address, location).search}") layer(theme);`;
    document.head.append(made);
    return { element: made, here };
  }

  /* A card that does not come is none: gifts are shown in the house's layout. */
  function cardAt(address) {
    const patience = new Promise((done) => void clock.after(PATIENCE_MS, () => done(null)));
    const came = fetch(address).then((answer) => (answer.ok ? answer.json() : null));
    return Promise.race([came.catch(() => null), patience]);
  }

  function read() {
    const style = getComputedStyle(document.documentElement);
    sparks = style
      .getPropertyValue("--sparks")
      .split(/[\s,]+/)
      .filter((each) => COLOUR.test(each));
    kind = style.getPropertyValue("--spark-kind").trim();
  }

  /* Words are measured in the theme's own type, so it has to be there. */
  const fonts = () => {
    const { fontFamily } = getComputedStyle(document.body);
    const patience = new Promise((done) => void clock.after(PATIENCE_MS, done));
    return Promise.race([Promise.all([500, 800].map((weight) => document.fonts.load(`${weight} 20px ${fontFamily}`))).catch(() => null), patience]);
  };

  return {
    wear,
    /* Resolves once the first theme is on. */
    first,
    sheet: () => sheet,
    /* How it lays out a card: a tree, or null. */
    card: () => card,
    /* The same particles in the theme's colours. */
    tinted: (particles) => ({
      ...particles,
      burst: (spray) => particles.burst(tint(spray, { sparks, kind })),
      flow: (spray, ...more) => particles.flow(tint(spray, { sparks, kind }), ...more),
    }),
  };
}
