/* Presence: whether this page can be seen, and whether its source is in the programme.

   OBS tells both by events; a plain browser only has `document.hidden`. */

export function watchPresence(on) {
  let seenByObs = true;
  let activeInObs = null;
  let last = "";

  function current() {
    const visible = seenByObs && document.visibilityState !== "hidden";
    return { visible, active: activeInObs ?? visible };
  }

  function tell() {
    const now = current();
    const key = `${now.visible}/${now.active}`;
    if (key === last) return;
    last = key;
    on(now);
  }

  document.addEventListener("visibilitychange", tell);
  window.addEventListener("obsSourceVisibleChanged", (event) => {
    seenByObs = event.detail?.visible !== false;
    tell();
  });
  window.addEventListener("obsSourceActiveChanged", (event) => {
    activeInObs = event.detail?.active !== false;
    tell();
  });
  last = `${current().visible}/${current().active}`;
  return { current };
}
