/* The films by art. Art without a film plays the generic one. */

import { timeline as lion } from "./lion.js";

export const FILMS = { lion };
