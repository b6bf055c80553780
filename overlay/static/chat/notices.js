/* What giftcast tells somebody without being asked just then: a gift that came back, and why. */

const EVERY_MS = 2_000;

export async function watchNotices(onNotice) {
  let after = await newest();
  setInterval(async () => {
    if (document.hidden) return;
    for (const notice of await fetchPast(after)) {
      after = notice.n;
      onNotice(notice);
    }
  }, EVERY_MS);
}

async function newest() {
  const found = await fetchPast(0);
  return found.length ? found[found.length - 1].n : 0;
}

async function fetchPast(after) {
  try {
    const answer = await fetch(`/api/v1/chat/notices?after=${after}`, { credentials: "same-origin" });
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}
