// The board of opportunities and the stages of a pipeline: cards and rows that move by mouse, by touch and by keyboard.
// Without it cards are moved by their forms, and stages stay in their order.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { Sortable } = window;
  // Pointers alone, so that every device moves things the same way; a touch that scrolls moves nothing.
  const MOVING = { animation: 150, forceFallback: true, fallbackTolerance: 5, delay: 200, delayOnTouchOnly: true, touchStartThreshold: 5 };

  // --- The board ------------------------------------------------------------------------------------

  const startBoard = (board) => {
    const status = document.getElementById("board-status");
    const lost = document.getElementById("lost");
    const won = document.getElementById("won");
    const say = (text) => {
      status.textContent = text;
    };
    const column = (stage) => board.querySelector(`[data-column="${CSS.escape(stage)}"]`);

    // The same answer as every refused act has, told where messages are told.
    const tell = (text) => {
      say(text);
      const box = document.getElementById("toasts");
      const made = document.createElement("div");
      made.className = "toast";
      const words = document.createElement("p");
      words.className = "min-w-0 flex-1";
      words.textContent = text;
      made.append(words);
      box.append(made);
      setTimeout(() => made.remove(), 8000);
    };

    // Why it is lost; null for who thinks better of it.
    const reason = () =>
      new Promise((resolve) => {
        const field = lost.querySelector("textarea");
        field.value = "";
        lost.returnValue = "";
        lost.addEventListener("close", () => resolve(lost.returnValue === "lost" ? field.value : null), { once: true });
        lost.showModal();
        field.focus();
      });

    const read = (html) => {
      const template = document.createElement("template");
      template.innerHTML = html;
      return template.content;
    };

    // The card as the server has it, at its stage; first there unless it stood elsewhere in that column already.
    const place = (old, card, keepsFocus) => {
      const there = column(card.dataset.stage);
      if (!there) old.remove();
      else if (old.parentElement === there) old.replaceWith(card);
      else {
        old.remove();
        there.prepend(card);
      }
      window.htmx?.process(card);
      window.htmx?.trigger("#board-figures", "moved");
      if (keepsFocus && there) (card.querySelector("summary") ?? card).focus();
    };

    // Sends a move; `back` puts the card where it was.
    const move = async (card, stage, back, keepsFocus) => {
      const form = card.querySelector("form[data-move]");
      const fields = new URLSearchParams(new FormData(form));
      fields.set("stage", stage);
      if (column(stage)?.dataset.outcome === "lost") {
        const why = await reason();
        if (why === null) {
          back();
          return;
        }
        fields.set("lost_reason", why);
      }
      card.setAttribute("aria-busy", "true");
      const headers = { "content-type": "application/x-www-form-urlencoded", "hx-request": "true" };
      const answer = await fetch(form.action, { method: "POST", headers, body: fields }).catch(() => null);
      card.removeAttribute("aria-busy");
      const elsewhere = answer?.headers.get("hx-redirect");
      if (elsewhere) {
        location.assign(elsewhere);
        return;
      }
      const content = answer ? read(await answer.text()) : null;
      const fresh = content?.querySelector("[data-card]");
      if (fresh) {
        place(card, fresh, keepsFocus);
        if (answer.ok) say(fresh.dataset.message);
        else tell(fresh.dataset.message);
        if (answer.ok && fresh.dataset.quote) offerQuote(fresh);
        return;
      }
      back();
      const words = content?.querySelector("[data-problem] p + p")?.textContent;
      tell(words || "L’opportunité n’a pas pu être déplacée. Vérifiez votre connexion, puis réessayez.");
    };

    const offerQuote = (card) => {
      won.querySelector("[data-won-text]").textContent =
        `«\u00a0${card.dataset.name}\u00a0» est gagnée. Voulez-vous en faire un devis, avec son objet et son montant\u00a0?`;
      won.querySelector("[data-won-link]").href = card.dataset.quote;
      won.showModal();
    };

    board.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-move]");
      if (!form) return;
      event.preventDefault();
      move(form.closest("[data-card]"), form.elements.namedItem("stage").value, () => {}, true);
    });

    if (!Sortable || !("canMove" in board.dataset)) return;
    for (const cards of all("[data-column]", board)) {
      new Sortable(cards, {
        ...MOVING,
        group: "cards",
        sort: false,
        draggable: "[data-card]",
        filter: "summary, form, form *",
        preventOnFilter: false,
        ghostClass: "board-ghost",
        onEnd: ({ item, from, to, oldIndex }) => {
          if (from === to) return;
          const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
          move(item, to.dataset.column, back, false);
        },
      });
    }
  };

  // --- The stages of a pipeline ---------------------------------------------------------------------

  const startStages = (area) => {
    const rows = area.querySelector("[data-stage-rows]");
    const blank = area.querySelector("[data-stage-blank]");
    const add = area.querySelector("[data-stage-add]");
    const status = area.querySelector("[data-stage-status]");
    const max = Number(area.dataset.max);
    const list = () => all("[data-stage-row]", rows);
    const nameOf = (row) => row.querySelector('[name$=".name"]');

    // Rows are read in the order of their numbers.
    const number = () => {
      list().forEach((row, at) => {
        row.setAttribute("aria-label", `Étape ${at + 1}`);
        for (const control of all("[name]", row)) control.name = control.name.replace(/^stages\.\d+\./, `stages.${at}.`);
        for (const button of all("[data-stage-action]", row)) {
          button.setAttribute("aria-label", `${button.title} ${at + 1}`);
          if (button.dataset.stageAction === "up") button.disabled = at === 0;
          if (button.dataset.stageAction === "down") button.disabled = at === list().length - 1;
        }
      });
      add.disabled = list().length >= max;
    };

    const show = (row) => {
      for (const part of all("[data-stage-tools], [data-stage-grip]", row)) part.hidden = false;
    };

    // The row for who has no script.
    const last = list().at(-1);
    if (last && !nameOf(last).value && !last.querySelector('[name$=".id"]').value) last.remove();
    list().forEach(show);
    add.hidden = false;
    number();

    add.addEventListener("click", () => {
      const row = blank.content.firstElementChild.cloneNode(true);
      rows.append(row);
      show(row);
      number();
      nameOf(row).focus();
      status.textContent = `Étape ${list().length} ajoutée.`;
    });

    rows.addEventListener("click", (event) => {
      const button = event.target.closest("[data-stage-action]");
      if (!button) return;
      const row = button.closest("[data-stage-row]");
      const at = list().indexOf(row);
      const action = button.dataset.stageAction;
      if (action === "remove") {
        row.remove();
        status.textContent = `Étape ${at + 1} retirée.`;
      } else {
        const other = action === "up" ? row.previousElementSibling : row.nextElementSibling;
        if (!other) return;
        if (action === "up") other.before(row);
        else other.after(row);
        status.textContent = `Étape déplacée en position ${action === "up" ? at : at + 2}.`;
      }
      number();
      const next = action === "remove" ? (list()[at] ?? list().at(-1)) : row;
      if (action === "remove") (next ? nameOf(next) : add).focus();
      else (button.disabled ? nameOf(row) : button).focus();
    });

    if (Sortable) new Sortable(rows, { ...MOVING, handle: "[data-stage-grip]", ghostClass: "board-ghost", onEnd: number });
  };

  const start = () => {
    all("[data-board]").forEach(startBoard);
    all("[data-stages]").forEach(startStages);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
