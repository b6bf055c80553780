/* A film: one hero's timeline, played. A timeline is data:

     length_ms, beats: {arrival, reveal, climax, farewell} (start times)
     layers:  [{name, art (px) | layer: [art, name] (scatter) | clip (a gift's own art, playing) | draw, ink | text, size, origin, rich, keys: [[ms, {x, y, s, sx, sy, r, tilt, o}, ease]]}]
     camera:  keys for all layers together
     floor:   units below the centre under which layers are cut off (they rise out of the ground)
     sparks:  [{at, spray, from: [x, y]}] or flows [{at, for, rate, spray, from | path: [[x, y], …]}];
              "follow": a layer whose frame `from` and the angle are given in
     score:   [[ms, voice, options]]

   Lengths are units from the centre of the stage, angles degrees. A key carries on what it does not name. */

import { filled, giftUrl, islands, layerUrl, picture } from "./art.js";
import { EASE } from "./moves.js";
import { endAll, portray, prepare } from "./players.js";

const SPARK = 1.6; // sparks of a film are larger than those of a card
const REST = { x: 0, y: 0, s: 1, sx: 1, sy: 1, r: 0, tilt: 0, o: 1 };

/* Keyframes for element.animate() from keys. */
export function framesOf(keys, length_ms, unit) {
  let pose = REST;
  const frames = keys.map(([ms, change, ease]) => {
    pose = { ...pose, ...change };
    return {
      offset: Math.min(1, ms / length_ms),
      opacity: pose.o,
      transform: transformOf(pose, unit),
      easing: EASE[ease] ?? ease ?? "linear",
    };
  });
  if (frames[0].offset > 0) frames.unshift({ ...frames[0], offset: 0, easing: "linear" });
  if (frames.at(-1).offset < 1) frames.push({ ...frames.at(-1), offset: 1 });
  return frames;
}

function transformOf({ x, y, s, sx, sy, r, tilt }, unit) {
  const lean = tilt ? `perspective(${120 * unit}px) rotateX(${tilt}deg) ` : "";
  return `translate(${Math.round(x * unit)}px, ${Math.round(y * unit)}px) ${lean}rotate(${r}deg) scale(${s * sx}, ${s * sy})`;
}

export const pictureOf = (layer) => {
  if (layer.clip) return prepare(layer.clip);
  if (layer.layer) return picture(layerUrl(...layer.layer), giftUrl(layer.layer[0], 1024));
  if (!layer.art) return null;
  return layer.px ? picture(giftUrl(layer.art, layer.px)) : picture(giftUrl(layer.art, 1024), giftUrl(layer.art, 256));
};

/* All pictures of a timeline, decoded. */
export const ready = (timeline) => Promise.all(timeline.layers.map(pictureOf).filter(Boolean));

/* The elements of one layer: one, or for a scattered picture one for each of its islands. */
async function draw(layer, unit) {
  if (layer.clip) {
    const element = shaped(layer, unit);
    element.className = "film-layer";
    element.append(await portray(layer.clip, 1024));
    return [element];
  }
  const image = await pictureOf(layer);
  const boxes = layer.scatter ? islands(image) : [image && filled(image)];
  return boxes.map((part) => {
    const element = image ? drawn(image, part, layer, unit) : shaped(layer, unit);
    element.className = `film-layer draw-${layer.draw ?? (layer.text ? "text" : "art")}`;
    if (layer.text) element.textContent = layer.text;
    if (layer.ink) element.style.setProperty("--ink", layer.ink);
    return element;
  });
}

/* A layer made by the style sheet. In whole pixels: one that only fades is then copied, not resampled. */
function shaped(layer, unit) {
  const wide = Math.round(((layer.wide ?? layer.size) * unit) / 2) * 2;
  const tall = Math.round(((layer.tall ?? layer.size) * unit) / 2) * 2;
  const element = document.createElement("div");
  place(element, [-wide / 2, -tall / 2, wide, tall], pivot(layer, wide, tall));
  return element;
}

/* A picture, cut to what is not empty and drawn once at the size it has on the screen: without a GPU every pixel and
   every tile of a turning layer counts. */
function drawn(image, [left, top, wide, tall], layer, unit) {
  const side = Math.round((layer.size * unit) / 2) * 2;
  const sharp = Math.min(1.25, Math.max(1, ...layer.keys.map(([, pose]) => pose.s ?? 1)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(wide * side * sharp);
  canvas.height = Math.ceil(tall * side * sharp);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  const { naturalWidth: w, naturalHeight: h } = image;
  pen.drawImage(image, left * w, top * h, wide * w, tall * h, 0, 0, canvas.width, canvas.height);
  const [px, py] = pivot(layer, side, side);
  place(canvas, [(left - 0.5) * side, (top - 0.5) * side, wide * side, tall * side], [px - left * side, py - top * side]);
  return canvas;
}

const pivot = (layer, wide, tall) => [(layer.origin?.[0] ?? 0.5) * wide, (layer.origin?.[1] ?? 0.5) * tall];

function place(element, [x, y, wide, tall], [px, py]) {
  Object.assign(element.style, {
    width: `${wide}px`,
    height: `${tall}px`,
    marginLeft: `${x}px`,
    marginTop: `${y}px`,
    transformOrigin: `${px}px ${py}px`,
  });
}

/* Large translucent layers are what a machine without a GPU cannot carry. */
const affords = (level, layer) => (layer.rich ? level === "rich" : level !== "low" || layer.draw !== "shade");

/* Builds the layers in `set` and plays them; the shade, which no floor cuts and no camera shakes, in `pool`.
   `centre()` is the middle of the stage in px. */
export async function play({ timeline, set, pool, unit, rate, level, centre, particles, sound, clock }) {
  const layers = timeline.layers.filter((layer) => affords(level, layer));
  const groups = await Promise.all(layers.map((layer) => draw(layer, unit)));
  const [left, top] = centre().map(Math.round);
  for (const place of [set, pool]) Object.assign(place.style, { left: `${left}px`, top: `${top}px` });
  set.parentElement.style.clipPath =
    timeline.floor === undefined ? "" : `inset(0 0 ${Math.round(innerHeight - top - timeline.floor * unit)}px 0)`;
  const shades = groups.filter((_, i) => layers[i].draw === "shade");
  pool.replaceChildren(...shades.flat());
  set.replaceChildren(...groups.filter((group) => !shades.includes(group)).flat());
  const timing = { duration: timeline.length_ms, fill: "both" };
  const motions = groups.flatMap((group, i) => {
    const frames = framesOf(layers[i].keys, timeline.length_ms, unit);
    return group.map((element) => element.animate(frames, timing));
  });
  if (timeline.camera) motions.push(set.animate(framesOf(timeline.camera, timeline.length_ms, unit), timing));
  for (const motion of motions) motion.playbackRate = rate;

  const cues = [
    ...(timeline.score ?? []).map(([at, voice, options]) => ({ at, act: () => sound.cue(voice, options) })),
    ...(timeline.sparks ?? []).map((spark) => ({ at: spark.at, act: () => spray(spark) })),
  ].sort((a, b) => a.at - b.at);
  const stops = [];
  let next = 0;
  let played = 0; // ms of film
  let since = clock.now();
  let stopCue = null;

  function spray(spark) {
    const [cx, cy] = centre();
    const place = placeOf(spark, cx, cy);
    const pull = spark.pull ? { ...spark.pull, x: cx + (spark.pull.x ?? 0) * unit, y: cy + (spark.pull.y ?? 0) * unit } : null;
    const base = { ...spark.spray, size: (spark.spray.size ?? 2) * SPARK, pull, ...place(0) };
    if (spark.rate) stops.push(particles.flow(base, spark.rate, spark.for / rate, spark.path || spark.follow ? place : null));
    else particles.burst(base);
  }

  /* Where sparks spring from: a point, a path, or a place on a layer wherever that has moved. */
  function placeOf({ from = [0, 0], path, follow, spray: { angle = 0 } }, cx, cy) {
    const element = follow && groups[layers.findIndex((layer) => layer.name === follow)]?.[0];
    if (!element) {
      return (share) => {
        const [x, y] = path ? along(path, share) : from;
        return { x: cx + x * unit, y: cy + y * unit };
      };
    }
    return () => {
      const pose = new DOMMatrix(getComputedStyle(element).transform);
      const spot = pose.transformPoint({ x: from[0] * unit, y: from[1] * unit });
      return { x: cx + spot.x, y: cy + spot.y, angle: angle + (Math.atan2(pose.b, pose.a) * 180) / Math.PI };
    };
  }

  function run() {
    stopCue = null;
    played += (clock.now() - since) * rate;
    since = clock.now();
    while (next < cues.length && cues[next].at <= played + 4) {
      cues[next].act();
      next += 1;
    }
    if (next < cues.length) stopCue = clock.after((cues[next].at - played) / rate, run);
  }

  function hold(on) {
    for (const each of set.querySelectorAll("video, .lottie")) each.holds?.(on);
  }

  run();
  return {
    pause() {
      hold(true);
      stopCue?.();
      played += (clock.now() - since) * rate;
      for (const motion of motions) motion.pause();
    },
    resume() {
      hold(false);
      since = clock.now();
      for (const motion of motions) motion.play();
      run();
    },
    stop() {
      stopCue?.();
      for (const stop of stops) stop();
    },
    clear() {
      endAll(set);
      for (const motion of motions) motion.cancel();
      set.replaceChildren();
      pool.replaceChildren();
    },
  };
}

/* The point at `share` (0 … 1) of a path of points. */
export function along(path, share) {
  const at = Math.min(0.9999, Math.max(0, share)) * (path.length - 1);
  const i = Math.floor(at);
  const part = at - i;
  return [0, 1].map((axis) => path[i][axis] + (path[i + 1][axis] - path[i][axis]) * part);
}
