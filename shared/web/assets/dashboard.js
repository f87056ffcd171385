// The widgets of the first page: they load what changed by themselves, and while the page is being arranged they move by
// mouse, by touch and by keyboard. Without it they are moved by their forms.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { Sortable } = window;

  // --- What changed ----------------------------------------------------------------------------------

  // A burst of events is one reading, at once the first and then every other second.
  const LEAST_WAIT = 2_000;

  const startWidgets = (board) => {
    const widgets = () => all("[data-widget]", board);
    const body = (widget) => widget.querySelector("[data-panel]");
    let heard = new Set(), waiting = null, readAt = 0;

    const reload = (widget) => {
      const panel = body(widget);
      // Whoever is reading there with the keyboard stays where they are.
      if (panel.contains(document.activeElement)) {
        panel.addEventListener("focusout", () => setTimeout(() => reload(widget)), { once: true });
        return;
      }
      window.htmx?.trigger(panel, "changed");
    };
    const read = () => {
      waiting = null;
      readAt = Date.now();
      const now = heard;
      heard = new Set();
      for (const widget of widgets()) {
        if (widget.dataset.hears.split(" ").some((name) => now.has(name))) reload(widget);
      }
    };
    const changed = (names) => {
      for (const name of names) heard.add(name);
      waiting ??= setTimeout(read, Math.max(0, readAt + LEAST_WAIT - Date.now()));
    };

    document.addEventListener("happened", ({ detail }) => {
      if (detail.missed) widgets().forEach(reload);
      else if (detail.changed) changed(detail.changed);
      else if (detail.unread !== undefined) changed(["notifications"]);
    });
    document.addEventListener("outdated", () => widgets().forEach(reload));
    board.addEventListener("htmx:afterSwap", ({ target }) => {
      if (target.matches("[data-panel]")) target.removeAttribute("aria-busy");
    });
  };

  // --- Arranging them --------------------------------------------------------------------------------

  // Pointers alone, so that every device moves things the same way; a touch that scrolls moves nothing.
  const MOVING = { animation: 150, forceFallback: true, fallbackTolerance: 5, delay: 150, delayOnTouchOnly: true, touchStartThreshold: 5 };
  const STEPS = { ArrowLeft: "back", ArrowUp: "back", ArrowRight: "forth", ArrowDown: "forth" };

  const startArranging = (board) => {
    const status = document.getElementById("dashboard-status");
    const COLUMNS_MAX = 3;
    const list = () => all("[data-widget]", board);
    const named = (widget) => `« ${widget.dataset.title} »`;
    const button = (widget, act) => widget.querySelector(`button[value="${act}"]`);
    const say = (text) => {
      status.textContent = text;
    };

    // One after the other, in their order.
    let sending = Promise.resolve();
    const send = (fields) => {
      sending = sending.then(async () => {
        const headers = { "content-type": "application/x-www-form-urlencoded", "hx-request": "true" };
        const options = { method: "POST", headers, body: new URLSearchParams(fields) };
        const answer = await fetch(board.dataset.href, options).catch(() => null);
        const elsewhere = answer?.headers.get("hx-redirect");
        if (elsewhere) location.assign(elsewhere);
        else if (!answer?.ok) say("La disposition n’a pas pu être enregistrée. Vérifiez votre connexion, puis rechargez la page.");
      });
    };

    // What a place and a width allow.
    const settle = () => {
      const widgets = list();
      widgets.forEach((widget, at) => {
        const columns = Number(widget.dataset.columns);
        const can = { back: at > 0, forth: at < widgets.length - 1, narrower: columns > 1, wider: columns < COLUMNS_MAX };
        for (const [act, may] of Object.entries(can)) button(widget, act).disabled = !may;
      });
    };
    const placed = (widget) => {
      settle();
      const widgets = list(), at = widgets.indexOf(widget);
      send({ act: "place", widget: widget.dataset.widget, before: widgets[at + 1]?.dataset.widget ?? "" });
      say(`${named(widget)} est en position ${at + 1} sur ${widgets.length}.`);
    };
    const step = (widget, act) => {
      const other = act === "back" ? widget.previousElementSibling : widget.nextElementSibling;
      if (!other) {
        say(`${named(widget)} est déjà ${act === "back" ? "en premier" : "en dernier"}.`);
        return;
      }
      if (act === "back") other.before(widget);
      else other.after(widget);
      placed(widget);
    };
    const resize = (widget, act) => {
      const columns = Number(widget.dataset.columns) + (act === "wider" ? 1 : -1);
      if (columns < 1 || columns > COLUMNS_MAX) return;
      widget.classList.remove(`widget-${widget.dataset.columns}`);
      widget.classList.add(`widget-${columns}`);
      widget.dataset.columns = columns;
      settle();
      send({ act: "resize", widget: widget.dataset.widget, columns });
      say(`${named(widget)} occupe ${columns} colonne${columns > 1 ? "s" : ""}.`);
    };

    board.addEventListener("submit", (event) => {
      const act = event.submitter?.value, widget = event.target.closest("[data-widget]");
      if (!widget || !["back", "forth", "narrower", "wider"].includes(act)) return;
      event.preventDefault();
      if (act === "back" || act === "forth") step(widget, act);
      else resize(widget, act);
      // A button that has no more to do gives the focus to the grip, which still has.
      (event.submitter.disabled ? widget.querySelector("[data-grip]") : event.submitter).focus();
    });
    board.addEventListener("keydown", (event) => {
      const grip = event.target.closest("[data-grip]"), act = STEPS[event.key];
      if (!grip || !act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      step(grip.closest("[data-widget]"), act);
      grip.focus();
    });
    for (const grip of all("[data-grip]", board)) grip.hidden = false;
    if (Sortable) {
      const onEnd = ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && placed(item);
      new Sortable(board, { ...MOVING, draggable: "[data-widget]", handle: "[data-grip]", ghostClass: "board-ghost", onEnd });
    }
  };

  const start = () => {
    for (const board of all("[data-dashboard]")) {
      startWidgets(board);
      if ("arranging" in board.dataset) startArranging(board);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
