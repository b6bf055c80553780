/* A film: one hero's timeline, played. A timeline is data:

     length_ms, beats: {arrival, reveal, climax, farewell} (start times)
     layers:  [{name, art | layer: [art, name] | draw, ink, size, origin, rich, keys: [[ms, {x, y, s, sx, sy, r, tilt, o}, ease]]}]
     camera:  keys for all layers together
     sparks:  [{at, spray, from: [x, y]}] or flows [{at, for, rate, spray, path: [[x, y], …]}]
     score:   [[ms, voice, options]]

   Lengths are units from the centre of the stage, angles degrees. A key carries on what it does not name. */

import { giftUrl, layerUrl, picture } from "./art.js";
import { EASE } from "./moves.js";

const REST = { x: 0, y: 0, s: 1, sx: 1, sy: 1, r: 0, tilt: 0, o: 1 };

/* Keyframes for element.animate() from keys. */
export function framesOf(keys, length_ms, unit) {
  let pose = REST;
  const frames = keys.map(([ms, change, ease]) => {
    pose = { ...pose, ...change };
    return { offset: Math.min(1, ms / length_ms), opacity: pose.o, transform: transformOf(pose, unit), easing: EASE[ease] ?? ease ?? "linear" };
  });
  if (frames[0].offset > 0) frames.unshift({ ...frames[0], offset: 0, easing: "linear" });
  if (frames.at(-1).offset < 1) frames.push({ ...frames.at(-1), offset: 1 });
  return frames;
}

function transformOf({ x, y, s, sx, sy, r, tilt }, unit) {
  const lean = tilt ? `perspective(${120 * unit}px) rotateX(${tilt}deg) ` : "";
  return `translate(${x * unit}px, ${y * unit}px) ${lean}rotate(${r}deg) scale(${s * sx}, ${s * sy})`;
}

export const pictureOf = (layer) => {
  if (layer.layer) return picture(layerUrl(...layer.layer), giftUrl(layer.layer[0], 1024));
  return layer.art ? picture(giftUrl(layer.art, 1024), giftUrl(layer.art, 256)) : null;
};

/* All pictures of a timeline, decoded. */
export const ready = (timeline) => Promise.all(timeline.layers.map(pictureOf).filter(Boolean));

async function draw(layer, unit) {
  const found = pictureOf(layer);
  const element = found ? Object.assign((await found).cloneNode(), { alt: "" }) : document.createElement("div");
  element.className = `film-layer draw-${layer.draw ?? "art"}`;
  const { wide = layer.size, tall = layer.size } = layer;
  Object.assign(element.style, {
    width: `${wide * unit}px`, height: `${tall * unit}px`, marginLeft: `${(-wide / 2) * unit}px`, marginTop: `${(-tall / 2) * unit}px`,
  });
  if (layer.origin) element.style.transformOrigin = layer.origin.map((share) => `${share * 100}%`).join(" ");
  if (layer.ink) element.style.setProperty("--ink", layer.ink);
  return element;
}

/* Builds the layers in `set` and plays them. `centre()` is the middle of the stage in px. */
export async function play({ timeline, set, unit, rate, rich, centre, particles, sound, clock }) {
  const layers = timeline.layers.filter((layer) => rich || !layer.rich);
  const elements = await Promise.all(layers.map((layer) => draw(layer, unit)));
  set.replaceChildren(...elements);
  const timing = { duration: timeline.length_ms, fill: "both" };
  const motions = elements.map((element, i) => element.animate(framesOf(layers[i].keys, timeline.length_ms, unit), timing));
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
    const [x, y] = spark.from ?? [0, 0];
    const pull = spark.pull ? { ...spark.pull, x: cx + (spark.pull.x ?? 0) * unit, y: cy + (spark.pull.y ?? 0) * unit } : null;
    const base = { ...spark.spray, x: cx + x * unit, y: cy + y * unit, pull };
    if (!spark.rate) return particles.burst(base);
    const move = spark.path && ((share) => {
      const [px, py] = along(spark.path, share);
      return { x: cx + px * unit, y: cy + py * unit };
    });
    return stops.push(particles.flow(base, spark.rate, spark.for / rate, move));
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

  run();
  return {
    pause() {
      stopCue?.();
      played += (clock.now() - since) * rate;
      for (const motion of motions) motion.pause();
    },
    resume() {
      since = clock.now();
      for (const motion of motions) motion.play();
      run();
    },
    stop() {
      stopCue?.();
      for (const stop of stops) stop();
    },
    clear() {
      for (const motion of motions) motion.cancel();
      set.replaceChildren();
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
