/* Room: how much of its source a panel takes. Plain numbers in and out, no DOM.

   A source is either cut to the widget's size, and then filled, or as large as the stream, and then the panel stands at
   an edge of it, inside the safe area. */

const STREAM = 600; // px: a source whose shorter side is at least so long shows a whole stream
const SAFE = 0.05;
const EDGE = 0.03;
const READABLE = 12; // px

export function roomOf(width, height) {
  const least = Math.min(width, height);
  const stream = least >= STREAM;
  const margin = stream ? Math.round(least * SAFE) : Math.max(3, Math.round(least * EDGE));
  return { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin), margin, stream, least };
}

export function shapeOf(width, height) {
  if (width > height * 2.4) return "wide";
  return height > width * 1.2 ? "tall" : "square";
}

/* Where a box of `width` × `height` stands: "top-left", "top", "bottom-right", "left", "middle" … */
export function spot(at, room, width, height) {
  const across = at.includes("left") ? 0 : at.includes("right") ? 1 : 0.5;
  const down = at.includes("top") ? 0 : at.includes("bottom") ? 1 : 0.5;
  return {
    x: Math.round(room.margin + (room.width - width) * across),
    y: Math.round(room.margin + (room.height - height) * down),
  };
}

/* A board: how many rows of which size fit, and where each stands. A column, or one line when the room is low. */
export function boardOf(room, { rows, scale = 1, title = true }) {
  const width = room.stream ? Math.min(room.width, room.least * 0.58 * scale) : room.width;
  const height = room.height;
  return !room.stream && shapeOf(room.width, height) === "wide" ? line(width, height, rows, scale, title) : column(width, height, rows, scale, title);
}

const ROW_LEAST = 22; // px
const GAP = 0.12; // of a row
const HEAD = 0.78;

function column(width, height, wanted, scale, title) {
  const head = title ? HEAD : 0;
  const rows = Math.max(1, Math.min(wanted, Math.floor((height / ROW_LEAST - head + GAP) / (1 + GAP))));
  const row = Math.min(height / (rows * (1 + GAP) - GAP + head), (width / 6.3) * Math.min(1, scale));
  const top = row * head;
  return {
    shape: "column",
    rows,
    row,
    width,
    height: top + rows * row * (1 + GAP) - row * GAP,
    head: title ? row * 0.62 : 0,
    cell: width,
    place: (at) => ({ x: 0, y: top + at * row * (1 + GAP) }),
  };
}

function line(width, height, wanted, scale, title) {
  const head = title && height > 60 ? 0.5 : 0;
  const tall = Math.min(height, (height / (1 + head)) * Math.min(1, scale));
  const fits = Math.max(1, Math.floor((width + tall * GAP) / (tall * (3.3 + GAP))));
  const rows = Math.min(wanted, Math.max(fits, Math.min(3, wanted)));
  const cell = Math.min((width - (rows - 1) * tall * GAP) / rows, tall * 4.9);
  const row = Math.min(tall, cell / 3.3);
  const top = row * head;
  return {
    shape: "line",
    rows,
    row,
    width: rows * cell + (rows - 1) * row * GAP,
    height: top + row,
    head: row * head * 0.8,
    cell,
    place: (at) => ({ x: at * (cell + row * GAP), y: top }),
  };
}

/* A grid of `count` square cells as large as the room allows. */
export function gridOf(width, height, count, gap = 0.08) {
  let best = { columns: 1, rows: count, cell: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = Math.min(width / (columns + (columns - 1) * gap), height / (rows + (rows - 1) * gap));
    if (cell > best.cell + 0.01) best = { columns, rows, cell };
  }
  return { ...best, gap: best.cell * gap };
}

/* A goal: a bar, a ring or a pillar, and its unit. Lengths of the three are laid out in units, see goal.css. */
const GOAL = { bar: { width: 84, height: 15.4, plain: 12.4 }, ring: { width: 36, height: 37.5 }, pillar: { width: 22, height: 66 } };

export function goalRoom(room, { steps, scale = 1 }) {
  const form = room.stream ? "bar" : { wide: "bar", square: "ring", tall: "pillar" }[shapeOf(room.width, room.height)];
  const least = GOAL[form];
  const tall = form === "bar" && !steps ? least.plain : least.height;
  const room_width = room.stream ? Math.min(room.width, room.least * 0.92 * scale) : room.width * Math.min(1, scale);
  const room_height = room.stream ? room.height : room.height * Math.min(1, scale);
  const u = Math.min(room_height / tall, room_width / least.width);
  return {
    form,
    u,
    width: form === "bar" ? Math.min(room_width, u * 170) : least.width * u,
    height: form === "pillar" ? Math.min(room_height, 120 * u) : tall * u,
  };
}

/* Recent gifts: rows of ten units, in a column, or one after the other in a line of `wide` px. */
export function tickerOf(room, { rows, scale = 1 }) {
  const size = Math.min(1, scale);
  if (!room.stream && shapeOf(room.width, room.height) === "wide") {
    const row = room.height * size;
    return { shape: "line", rows, row, width: room.width, height: row, cell: 0 };
  }
  const width = room.stream ? Math.min(room.width, room.least * 0.5 * scale) : room.width;
  const most = Math.max(1, Math.min(rows, Math.floor((room.height / ROW_LEAST + GAP) / (1 + GAP))));
  const row = Math.min(room.height / (most * (1 + GAP) - GAP), (width / 5.4) * size);
  return { shape: "column", rows: most, row, width, height: most * row * (1 + GAP) - row * GAP, cell: width };
}

export const GAPS = GAP;

/* A wall: a head and a grid of `count` cells. On a stream it takes more where a few gifts' room would leave many of them tiny. */
const MANY = 30;
const WALL = { few: { wide: 0.86, tall: 0.62 }, many: { wide: 1.12, tall: 0.76 } };

export function wallOf(room, { count, scale = 1, title = true }) {
  const size = Math.min(1, scale);
  const share = count > MANY ? WALL.many : WALL.few;
  const width = room.stream ? Math.min(room.width, room.least * share.wide * scale) : room.width * size;
  const height = room.stream ? Math.min(room.height, room.least * share.tall * scale) : room.height * size;
  const line = shapeOf(width, height) === "wide" && height < 160;
  const head = title && !line ? Math.min(height * 0.14, width * 0.09, 54) : 0;
  const grid = gridOf(width, height - head * 1.25, Math.max(1, count));
  const across = grid.columns * (grid.cell + grid.gap) - grid.gap;
  const down = grid.rows * (grid.cell + grid.gap) - grid.gap;
  return {
    cell: grid.cell,
    head,
    width: across,
    height: head * 1.25 + down,
    place: (at) => ({ x: (at % grid.columns) * (grid.cell + grid.gap), y: head * 1.25 + Math.floor(at / grid.columns) * (grid.cell + grid.gap) }),
  };
}

/* An entrance: a ribbon, and above it a crown whose middle is `crown` units from the top. Where its letters would be too
   small: in a low source a line with the crown at the ribbon's end, in a narrow one a ribbon with room for less. */
const ENTRANCE = {
  ribbon: { width: 96, height: 31, crown: 9, line: 2.9 },
  line: { width: 96, most: 140, height: 17.6, crown: 7.5, line: 3.5 },
  narrow: { width: 62, height: 31, crown: 9, line: 2.9 },
};

export function entranceOf(room, scale = 1) {
  const size = Math.min(1, scale);
  const most = room.stream ? Math.min(room.width, room.least * 0.96 * scale) : room.width * size;
  const unitOf = ({ width, height }) => Math.min(most / width, (room.height * size) / height);
  const other = shapeOf(room.width, room.height) === "wide" ? "line" : "narrow";
  const small = !room.stream && unitOf(ENTRANCE.ribbon) * ENTRANCE.ribbon.line < READABLE;
  const form = small && unitOf(ENTRANCE[other]) > unitOf(ENTRANCE.ribbon) ? other : "ribbon";
  const { width, height, crown, line } = ENTRANCE[form];
  const u = unitOf(ENTRANCE[form]);
  return { form, u, width: form === "line" ? Math.min(most, ENTRANCE.line.most * u) : width * u, height: height * u, crown, line };
}

/* Credits: a slate of 60 units' width, as high as the room. Those that roll can be read in a low one, too; pages have to
   fit into it. */
const CREDITS = 60;
const CREDITS_LEAST = 2.6; // units: their smallest letters

export function creditsOf(room, { scale = 1, rolls = true } = {}) {
  const size = Math.min(1, scale);
  const width = room.stream ? Math.min(room.width, room.least * 0.8 * scale) : room.width * size;
  const least = rolls ? Math.min(width / CREDITS, READABLE / CREDITS_LEAST) : 0;
  const u = Math.max(Math.min(width, room.height) / CREDITS, least);
  return { u, width, height: room.height };
}

/* A QR card: the code's side in px, a whole number of px a module as far as there is room, and the words below or beside it. */
const CARD = { side: 30, pad: 2.4, gap: 1.6, words: 10.2, beside: 34, title: 4.6, line: 2.7 };
const BESIDE = { wide: 170, title: 16, line: READABLE }; // px: what words beside a code have at least, where there is room

export function cardOf(room, { scale = 1, words = true, modules }) {
  const row = !room.stream && shapeOf(room.width, room.height) === "wide" && words;
  const size = Math.min(1, scale);
  const across = CARD.side + 2 * CARD.pad + (row ? CARD.beside : 0);
  const down = CARD.side + 2 * CARD.pad + (row || !words ? 0 : CARD.gap + CARD.words);
  const [most_x, most_y] = room.stream ? [room.least * 0.36 * scale, room.least * 0.5 * scale] : [room.width * size, room.height * size];
  const u = Math.min(Math.min(most_x, room.width) / across, Math.min(most_y, room.height) / down);
  const side = CARD.side * u;
  const code = side >= modules ? Math.floor(side / modules) * modules : side;
  const least = row && down * u > 40 ? BESIDE : { wide: 0, title: 0, line: 0 };
  const more = row ? Math.max(0, Math.min(least.wide - CARD.beside * u, room.width - across * u)) : 0;
  const text = { title: Math.max(CARD.title * u, least.title), line: Math.max(CARD.line * u, least.line) };
  return { shape: row ? "row" : "column", u, code, width: across * u + more, height: down * u, ...text };
}
