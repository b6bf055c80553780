/* The films by art. Art without a film plays the generic one. */

import { timeline as burningHeart } from "./burning-heart.js";
import { timeline as castle } from "./castle.js";
import { timeline as comet } from "./comet.js";
import { timeline as dragon } from "./dragon.js";
import { timeline as ferrisWheel } from "./ferris-wheel.js";
import { timeline as fireworks } from "./fireworks.js";
import { timeline as galaxy } from "./galaxy.js";
import { timeline as helicopter } from "./helicopter.js";
import { timeline as lion } from "./lion.js";
import { timeline as phoenix } from "./phoenix.js";
import { timeline as racingCar } from "./racing-car.js";
import { timeline as ring } from "./ring.js";
import { timeline as rocket } from "./rocket.js";
import { timeline as saucer } from "./saucer.js";
import { timeline as swan } from "./swan.js";
import { timeline as train } from "./train.js";
import { timeline as unicorn } from "./unicorn.js";
import { timeline as universe } from "./universe.js";
import { timeline as volcano } from "./volcano.js";
import { timeline as whale } from "./whale.js";

export const FILMS = {
  "burning-heart": burningHeart,
  castle,
  comet,
  dragon,
  "ferris-wheel": ferrisWheel,
  fireworks,
  galaxy,
  helicopter,
  lion,
  phoenix,
  "racing-car": racingCar,
  ring,
  rocket,
  saucer,
  swan,
  train,
  unicorn,
  universe,
  volcano,
  whale,
};
