// Hears at once that something happened: a WebSocket of the gateway's, opened by a ticket while the page is looked at. What is
// heard is told on as the event "happened" with what it says, and app.js asks again for what changes by itself. Without it, or while it is
// broken, the page asks once a minute.
(() => {
  "use strict";

  const bell = document.querySelector("[data-live]");
  if (!bell) return;

  const FIRST_WAIT = 1_000, LONGEST_WAIT = 120_000;
  // The gateway ends what is silent for ten minutes.
  const PING_EVERY = 8 * 60_000;
  let socket = null, waiting = null, wait = FIRST_WAIT, isOver = false, hasListened = false;

  const tell = (detail) => document.dispatchEvent(new CustomEvent("happened", { detail }));
  const read = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };

  const later = () => {
    if (isOver || waiting) return;
    // Not all at the same moment after something was deployed.
    waiting = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const ticket = async () => {
    const answer = await fetch(bell.dataset.href, { method: "POST" }).catch(() => null);
    // Signed out, or not in this installation: no use in asking again.
    if (answer && [401, 403, 404].includes(answer.status)) isOver = true;
    if (!answer?.ok || answer.redirected) return null;
    return (await answer.json().catch(() => null))?.url ?? null;
  };

  const open = async () => {
    waiting = null;
    if (socket || isOver || document.visibilityState !== "visible") return;
    const url = await ticket();
    if (!url || socket) {
      later();
      return;
    }
    socket = new WebSocket(url);
    const ping = setInterval(() => socket?.readyState === WebSocket.OPEN && socket.send("{}"), PING_EVERY);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      bell.dataset.live = "open";
      // What happened while nobody listened; as the page came, it was told all.
      tell({ missed: hasListened });
      hasListened = true;
    });
    socket.addEventListener("message", ({ data }) => {
      tell(read(data));
    });
    socket.addEventListener("close", () => {
      clearInterval(ping);
      socket = null;
      bell.dataset.live = "";
      later();
    });
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !socket && !waiting) open();
  });
  // A page in the browser's cache of pages keeps no connection.
  window.addEventListener("pagehide", () => socket?.readyState === WebSocket.OPEN && socket.close());
  window.addEventListener("pageshow", ({ persisted }) => persisted && open());
  open();
})();
