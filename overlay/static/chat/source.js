/* A browser source for OBS, with a link of its own: the preview's link would settle nothing. */

const NAME = "obs";
const AGAIN = "There is a link for OBS already. Make a new one? The old one stops working at once.";

/* The new source's address, or null when the streamer kept the old one. */
export async function newSource(csrf) {
  const made = await ask("/api/v1/sources", csrf, { widget: "alerts", name: NAME });
  if (made.status !== 409) return addressOf(made);
  if (!window.confirm(AGAIN)) return null;
  return addressOf(await ask(`/api/v1/sources/${NAME}/token`, csrf));
}

async function addressOf(answer) {
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${said.error} ${said.fix ?? ""}`.trim());
  return said.url;
}

function ask(path, csrf, body) {
  return fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: body ? JSON.stringify(body) : undefined,
  });
}
