/* A show: one card or one hero, and the gifts (members) it stands for. Plain values, no DOM, no clock. */

let serial = 0;

/* One gift as the page keeps it. `state`: waiting → begun (written down) → painted. `encore`: how often anything was played
   once more until now; such a member has an id of its own, `of` names the gift. `owed`: the server waits for word of it. */
export function memberOf(frame, at, encore = 0) {
  const data = frame.data;
  return {
    id: encore ? `${data.gift_id}~${encore}` : String(data.gift_id),
    of: String(data.gift_id),
    seq: Number(frame.seq) || 0,
    count: Math.max(1, Number(data.count) || 1),
    coins: Math.max(0, Number(data.total_coins) || 0),
    gift: data.gift ?? {},
    viewer: String(data.viewer?.name ?? ""),
    platform: String(data.viewer?.platform ?? ""),
    avatar: data.viewer?.avatar ?? null,
    creator: String(data.creator?.name ?? ""),
    message: String(data.message ?? ""),
    combo: encore ? null : (data.combo?.id ?? null),
    combo_count: encore ? 0 : Number(data.combo?.count) || 0,
    test: data.test === true,
    encore,
    owed: data.test !== true && !encore,
    at,
    state: "waiting",
  };
}

export function createShow(member, kind) {
  serial += 1;
  return {
    key: serial,
    kind, // card | scene | hero | tray
    encore: member.encore > 0,
    gift: member.gift,
    tier: Number(member.gift.tier) || 1,
    combo: member.combo,
    members: [member],
    lost: 0, // units that were returned out of the combo
    mixed: false, // holds different gifts
    called: new Set(), // who of a crowd was named (their keys)
    viewers: null, // see viewersOf
    page: null, // whom it names now, see roll.js
    lane: -1,
    opened_at: 0,
    bumped_at: 0,
    phase: "waiting", // waiting | playing | leaving
  };
}

export const seqOf = (show) => show.members[0]?.seq ?? 0;
export const keyOf = (member) => `${member.platform}\n${member.viewer}`; // the viewer who sent it
export const coinsOf = (show) => show.members.reduce((sum, member) => sum + member.coins, 0);
export const isCrowd = (show) => show.mixed || show.members.some((member) => !sameSender(member, show.members[0]));

/* How many units the counter shows. The server's combo count also knows members shown before a reload. */
export function unitsOf(show) {
  let sum = 0;
  let combo = 0;
  for (const member of show.members) {
    sum += member.count;
    if (member.combo_count > combo) combo = member.combo_count;
  }
  return isCrowd(show) ? sum : Math.max(sum, combo - show.lost);
}

/* The distinct senders, most recent gift last. */
export function sendersOf(show) {
  const names = new Map();
  for (const member of show.members) names.set(keyOf(member), member.viewer);
  return [...names.values()];
}

/* The keys of its viewers; kept, for it is asked often and a show may hold thousands of gifts. */
export function viewersOf(show) {
  show.viewers ??= new Set(show.members.map(keyOf));
  return show.viewers;
}

/* Whose face stands beside the names: that of who is named first, or sent last. */
export function faceOf(show) {
  const last = show.page?.members[0] ?? show.members.at(-1);
  return { name: last?.viewer ?? "", avatar: last?.avatar ?? null };
}

/* The distinct gifts with their units, most units first. */
export function giftsOf(show) {
  const gifts = new Map();
  for (const member of show.members) {
    const known = gifts.get(member.gift.id);
    if (known) known.units += member.count;
    else gifts.set(member.gift.id, { gift: member.gift, units: member.count });
  }
  return [...gifts.values()].sort((a, b) => b.units - a.units);
}

export function messageOf(show) {
  for (let i = show.members.length - 1; i >= 0; i -= 1) {
    if (show.members[i].message) return show.members[i].message;
  }
  return "";
}

/* Forgets what came with one gift; whether there was anything. */
export function takeWords(show, id) {
  const member = show.members.find((each) => each.id === id);
  const had = Boolean(member?.message);
  if (had) member.message = "";
  return had;
}

/* Takes a member out; a combo's shown count goes down with it. */
export function removeMember(show, id) {
  const index = show.members.findIndex((member) => member.id === id);
  if (index < 0) return null;
  const [member] = show.members.splice(index, 1);
  show.viewers = null;
  if (member.combo_count) show.lost += member.count;
  return member;
}

/* Moves all members of `other` into `show`, in the order they were sent. */
export function absorb(show, other) {
  show.mixed = show.mixed || other.mixed || show.gift.id !== other.gift.id;
  for (const member of other.members) {
    insert(show.members, member);
    show.viewers?.add(keyOf(member));
  }
  show.tier = Math.max(show.tier, other.tier);
  show.lost += other.lost;
  if (other.combo !== show.combo) show.combo = null;
  other.members = [];
  other.viewers = null;
}

/* Gives a waiting show other members, in the order they were sent. */
export function refill(show, members) {
  show.members = members;
  show.viewers = null;
  if (!members.length) return;
  show.gift = members[0].gift;
  show.mixed = members.some((member) => member.gift.id !== show.gift.id);
  show.tier = Math.max(...new Set(members.map((member) => Number(member.gift.tier) || 1)));
  if (members.some((member) => member.combo !== members[0].combo)) show.combo = null;
  else show.combo = members[0].combo;
}

/* Keeps the order in which the gifts were sent; they nearly always come in it. */
function insert(members, member) {
  let at = members.length;
  while (at > 0 && members[at - 1].seq > member.seq) at -= 1;
  members.splice(at, 0, member);
}

const sameSender = (a, b) => a.viewer === b.viewer && a.platform === b.platform;
