/* Sends one chat line and says what came of it.

   kind: "answer" (ok, reply) · "refused" (error, fix, again: whether the same line may be sent again) · "lost" (nobody
   answered; sending the same id again is safe, a line counts once). */

const WAIT_MS = 10_000;

const WORDS = {
  400: ["That line could not be read.", "Check it and send it again."],
  401: ["You are logged out.", "Open the link printed in the terminal, or run giftcast login, then reload this page."],
  403: ["This page may not send any more.", "Reload the page; it gets a fresh permission."],
  404: ["The simulated chat is turned off.", "Turn it on in giftcast.toml and start giftcast again."],
  409: ["This line was already used for something else.", "Type it once more; it then counts as a new line."],
  413: ["That line is too long.", "Send a shorter one."],
  429: ["That was a little fast.", "Wait a moment, then try again."],
  503: ["giftcast is busy.", "Nothing was spent. Try again in a moment."],
};
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export async function post(line, csrf) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const response = await fetch("/api/v1/chat", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify(line),
      signal: stop.signal,
    });
    const body = await response.json().catch(() => ({}));
    return response.ok ? answered(body) : refused(response.status, body);
  } catch {
    return { kind: "lost" };
  } finally {
    clearTimeout(timer);
  }
}

function answered(body) {
  return { kind: "answer", ok: body?.ok !== false, reply: typeof body?.reply === "string" ? body.reply : "" };
}

function refused(status, body) {
  const [error, fix] = WORDS[status] ?? ["Something went wrong inside giftcast.", "Try again. If it stays, run giftcast check."];
  const given = typeof body?.error === "string" && body.error !== "";
  return {
    kind: "refused",
    error: given ? body.error : error,
    fix: given ? String(body.fix ?? "") : fix,
    again: AGAIN.has(status),
  };
}
