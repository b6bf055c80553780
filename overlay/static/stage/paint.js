/* Paint: tells when a change is really on the screen, which a hidden page never is. */

export function afterPaint(act) {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      if (!document.hidden) act();
    });
  });
}
