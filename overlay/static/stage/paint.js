/* Paint: tells when a change is really on the screen, which a hidden page never is. */

/* Calls `act(painted_at)` in the frame after the one that painted what has just been changed. The time is that of the
   first frame: a task posted from a frame's start runs as soon as that frame has been handed over. */
export function afterPaint(act, date = Date.now) {
  requestAnimationFrame(() => {
    let painted_at = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      painted_at = date();
      port1.close();
    };
    port2.postMessage(null);
    requestAnimationFrame(() => {
      port1.close();
      if (!document.hidden) act(painted_at || date());
    });
  });
}
