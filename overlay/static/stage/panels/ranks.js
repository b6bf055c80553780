/* Ranks: what a change of a board means to those who look at it. No DOM. */

export const TITLES = {
  today: "Top gifters today",
  week: "Top gifters this week",
  month: "Top gifters this month",
  all: "Top gifters of all time",
  show: "Top gifters this show",
};

/* How many places a row has climbed; 0 when it has not, or is new. */
export const climbed = (row) => (row.was ? Math.max(0, row.was - row.rank) : 0);

/* The moments of a change, the greatest first: "lead" for a new first, "podium" for whoever entered the top 3. A page
   that has just come is told `was` as it is now, so it has none; nor has the first gift on an empty board. */
export function moments(rows) {
  if (rows.every((row) => row.was === null)) return [];
  const found = [];
  for (const row of rows) {
    if (row.rank > 3 || row.was === row.rank) continue;
    if (row.rank === 1) found.push({ kind: "lead", row });
    else if (row.was === null || row.was > 3) found.push({ kind: "podium", row });
  }
  return found;
}

export const SAID = { lead: "takes the lead!", podium: "enters the top 3!" };
