/* Demo: `/o/<widget>?demo` plays made-up data instead of asking the server, to see how a widget looks. Nothing of it
   is counted anywhere. Settings come from the widget's declaration and from the address, as in `?demo&rows=3&theme=neon`;
   `?demo=still` shows one moment and nothing moves on, for pictures; a widget may know several, by `&moment=`.

   A widget takes part by `export function demo({ say, clock, still, settings, query })`, where say(type, data) is a frame. */

const MANIFEST = /^\/\*\s*giftcast-widget\s*(\{[\s\S]*?\})\s*\*\//;

/* Names as they come: short, long, from right to left, without an alphabet, of emoji, and hostile. */
export const PEOPLE = [
  "Mira",
  "jonas_speedruns",
  "愛子さん",
  "مريم الأحمد",
  "TheLongestNameInTheWholeChatRoom",
  "🦊 foxglove 🌙",
  "<b>Mia</b>",
  "김민준",
  "Łukasz",
  "Àlex",
  "Zed",
  "Priya",
];

const gift = (id, name, price_coins, tier, alt = name) => ({ id, name, price_coins, tier, art: id, alt });

/* Those that giftcast comes with, all of them: a test holds the list against the catalogue. */
export const GIFTS = [
  gift("rose", "Rose", 1, 1),
  gift("heart", "Heart", 1, 1),
  gift("clap", "Applause", 1, 1),
  gift("thumbs-up", "Thumbs up", 1, 1),
  gift("coffee", "Coffee", 1, 1),
  gift("star", "Star", 1, 1),
  gift("clover", "Lucky clover", 2, 2),
  gift("lollipop", "Lollipop", 3, 2),
  gift("panda", "Panda", 5, 2),
  gift("blossom", "Cherry blossom", 8, 2),
  gift("popcorn", "Popcorn", 10, 2),
  gift("sunflower", "Sunflower", 12, 2),
  gift("bubble-tea", "Bubble tea", 20, 2),
  gift("popper", "Party popper", 25, 2),
  gift("doughnut", "Doughnut", 30, 2),
  gift("balloon", "Balloon", 35, 3),
  gift("teddy", "Teddy bear", 45, 3),
  gift("headphones", "Headphones", 55, 3),
  gift("letter", "Love letter", 66, 3),
  gift("wand", "Magic wand", 75, 3),
  gift("butterfly", "Butterfly", 88, 3),
  gift("cake", "Birthday cake", 99, 3),
  gift("bouquet", "Bouquet", 100, 4),
  gift("fox", "Fox", 150, 4),
  gift("guitar", "Guitar", 199, 4),
  gift("crown", "Crown", 249, 4),
  gift("gem", "Gem", 299, 4),
  gift("trophy", "Trophy", 350, 4),
  gift("dolphin", "Dolphin", 399, 4),
  gift("mirror-ball", "Mirror ball", 449, 4),
  gift("peacock", "Peacock", 499, 4),
  gift("burning-heart", "Burning heart", 500, 5),
  gift("swan", "Swan", 699, 5),
  gift("train", "Steam train", 899, 5),
  gift("galaxy", "Galaxy", 1000, 5),
  gift("fireworks", "Fireworks", 1200, 5),
  gift("ring", "Ring", 1500, 5),
  gift("ferris-wheel", "Ferris wheel", 2500, 5),
  gift("comet", "Comet", 3500, 5),
  gift("unicorn", "Unicorn", 5000, 5),
  gift("racing-car", "Racing car", 7000, 6),
  gift("saucer", "Flying saucer", 8800, 6),
  gift("rocket", "Rocket", 10000, 6),
  gift("volcano", "Volcano", 12500, 6),
  gift("whale", "Whale", 15000, 6),
  gift("helicopter", "Helicopter", 18000, 6),
  gift("castle", "Castle", 20000, 6),
  gift("phoenix", "Phoenix", 25999, 7),
  gift("dragon", "Dragon", 27500, 7),
  gift("lion", "Lion", 29999, 7),
  gift("universe", "Universe", 44999, 7),
];

/* The settings of a demonstration: each as declared, unless the address says otherwise. */
export function settingsOf(source, query) {
  const declared = JSON.parse(MANIFEST.exec(source)?.[1] ?? "{}").settings ?? {};
  const settings = {};
  for (const [name, { type, default: value }] of Object.entries(declared)) {
    const said = query.get(name);
    if (said === null) settings[name] = value;
    else if (type === "boolean") settings[name] = said === "true" || said === "1";
    else if (type === "number" || type === "integer") settings[name] = Number(said);
    else settings[name] = said;
  }
  return settings;
}

export async function playDemo({ widget, demo, query, clock, tell, begin }) {
  const answer = await fetch(`/widgets/${widget}.js`);
  const settings = settingsOf(await answer.text(), query);
  const moment = query.get("moment") ?? "";
  let seq = 0;
  const theme = query.get("theme") || "house";
  const folder = theme === "house" ? null : `/themes/${encodeURIComponent(theme)}`;
  const looks = { theme: { name: theme, sheet: folder && `${folder}/theme.css`, card: widget === "alerts" && folder && `${folder}/card.json` } };
  const how = { paused: false, muted: false, standby: false, catching_up: moment === "tray" };
  begin({ v: 1, type: "welcome", stage: "main", widget, settings, looks, ...how });
  demo?.({
    clock,
    settings,
    query,
    still: query.get("demo") === "still",
    moment,
    say(type, data) {
      seq += 1;
      tell(type, { v: 1, seq, type, at: new Date(clock.date()).toISOString(), data });
    },
  });
}
