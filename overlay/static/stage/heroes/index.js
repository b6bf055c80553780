/* The films by art. Art without a film plays the generic one. */

import { timeline as castle } from "./castle.js";
import { timeline as dragon } from "./dragon.js";
import { timeline as galaxy } from "./galaxy.js";
import { timeline as lion } from "./lion.js";
import { timeline as rocket } from "./rocket.js";
import { timeline as universe } from "./universe.js";

export const FILMS = { castle, dragon, galaxy, lion, rocket, universe };
