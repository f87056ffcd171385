// What the pages do in the browser. Everything works without it, less comfortably, except the dialogs.
// The Content-Security-Policy allows neither inline script nor inline style: behaviour hangs on data-
// attributes and on the Alpine components below, which templates name and never program.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon icon-sm");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  };

  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  };

  // --- Messages -------------------------------------------------------------------------------------

  const toast = (text, lasting = 6000) => {
    const box = document.getElementById("toasts");
    if (!box) return;
    const close = element("button", "-m-1.5 rounded-md p-1.5", icon("close"));
    close.type = "button";
    close.setAttribute("aria-label", "Fermer ce message");
    const made = element("div", "toast", element("p", "min-w-0 flex-1", text), close);
    close.addEventListener("click", () => made.remove());
    box.append(made);
    setTimeout(() => made.remove(), lasting);
  };

  // --- Dialogs --------------------------------------------------------------------------------------

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };

  // --- Clicks that a data- attribute names ----------------------------------------------------------

  const copy = async (button) => {
    const field = document.querySelector(button.dataset.copy);
    const text = field.value ?? field.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      field.select?.();
      toast("Copie impossible : le texte est sélectionné, utilisez Ctrl + C.");
      return;
    }
    const label = button.querySelector("[data-copy-label]");
    if (!label || button.dataset.copied) return;
    const before = label.textContent;
    button.dataset.copied = "true";
    label.textContent = "Copié";
    toast("Copié dans le presse-papiers.", 3000);
    setTimeout(() => {
      label.textContent = before;
      delete button.dataset.copied;
    }, 2500);
  };

  document.addEventListener("click", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.open) {
      event.target.close(); // its content fills it: only the backdrop is the dialog itself
      return;
    }
    const found = event.target.closest?.(
      "[data-open-dialog], [data-close-dialog], [data-dismiss], [data-copy], [data-back], [data-print], [data-retry]",
    );
    if (!found) return;
    if (found.hasAttribute("data-open-dialog")) openDialog(found.dataset.openDialog);
    if (found.hasAttribute("data-close-dialog")) found.closest("dialog")?.close();
    if (found.hasAttribute("data-dismiss")) found.closest("[data-flash]")?.remove();
    if (found.hasAttribute("data-copy")) copy(found);
    if (found.hasAttribute("data-back")) history.back();
    if (found.hasAttribute("data-print")) print();
    if (found.hasAttribute("data-retry")) window.htmx?.trigger(found.closest("[data-panel]"), "retry");
  });

  // Boxes that belong together, a row of a matrix or a list: a button in `head` checks all of them, or none.
  const checkAll = (area, head) => {
    const boxes = all("input[type=checkbox]:not(:disabled)", area);
    if (boxes.length < 2) return;
    const name = head.textContent.trim();
    const button = element("button", "link block text-xs font-normal");
    button.type = "button";
    const word = () => {
      button.textContent = boxes.every((box) => box.checked) ? "Tout décocher" : "Tout cocher";
      button.setAttribute("aria-label", `${button.textContent} : ${name}`);
    };
    button.addEventListener("click", () => {
      const checked = !boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = checked;
      word();
    });
    area.addEventListener("change", word);
    head.append(button);
    word();
  };

  const start = () => {
    for (const row of all("table[data-check-rows] tbody tr")) checkAll(row, row.cells[0]);
    for (const form of all("form[data-check-all]")) checkAll(form, form.querySelector("[data-check-here]"));
    for (const link of all("a[data-current]")) {
      const here = `${location.pathname}/`, there = `${link.pathname}/`;
      const isCurrent = link.dataset.current === "exact" ? here === there : here.startsWith(there);
      if (!isCurrent) continue;
      link.setAttribute("aria-current", "page");
      // On a telephone the row of links goes on beyond the edge: where one is, is seen.
      const row = link.parentElement;
      if (row.scrollWidth > row.clientWidth) row.scrollLeft = link.offsetLeft - row.offsetLeft - 24;
    }
    for (const dialog of all("dialog[data-open-now]")) if (!dialog.open) dialog.showModal();
    if (history.length > 1) for (const button of all("[data-back]")) button.hidden = false;
    for (const button of all("[data-print]")) button.hidden = false;
    all("[data-sections]").forEach(followSections);
    all("[data-preview]").forEach(startPreview);
    all("[data-calendar]").forEach(startCalendar);
    const errors = document.querySelector("[data-form-errors]");
    if (errors) errors.focus();
  };

  // --- The sections of a long page: the link of the one that is read is marked -----------------------

  const followSections = (nav) => {
    const links = all("a[href^='#']", nav);
    const mark = () => {
      const line = nav.getBoundingClientRect().bottom + 96;
      const top = (link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top ?? Infinity;
      const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
      const read = atEnd ? links.at(-1) : (links.findLast((link) => top(link) <= line) ?? links[0]);
      if (read.hasAttribute("aria-current")) return;
      for (const link of links) link.toggleAttribute("aria-current", false);
      read.setAttribute("aria-current", "true");
      nav.scrollLeft = read.offsetLeft - nav.offsetLeft - 24;
    };
    document.addEventListener("scroll", mark, { passive: true });
    mark();
  };

  // --- A document as it will look, beside the form in which it is typed ------------------------------

  const startPreview = (pages) => {
    const form = document.querySelector(pages.dataset.preview);
    let waiting = null, isStale = true;
    const refresh = () => {
      if (waiting || !isStale || !pages.getClientRects().length) return;
      isStale = false;
      window.htmx?.trigger(pages, "refresh");
    };
    const changed = () => {
      isStale = true;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        waiting = null;
        refresh();
      }, 500);
    };
    for (const kind of ["input", "change", "lines"]) form.addEventListener(kind, changed);
    new ResizeObserver(refresh).observe(pages); // shown: its window was opened, or there is room for it
    changed();
  };

  // --- The calendar: an activity is dragged to another place, by mouse, by touch or by keys ---------

  const HOLD_MS = 400; // a finger that stays drags, one that moves on scrolls
  const FAR = 5;

  const startCalendar = (calendar) => {
    const form = document.querySelector(calendar.dataset.calendar);
    if (!form) return;
    let held = null;
    const home = () => held.entry.closest("[data-slot]");
    const aim = (slot) => {
      held.slot?.classList.remove("calendar-target");
      held.slot = slot;
      slot?.classList.add("calendar-target");
    };
    const lift = () => {
      held.isLifted = true;
      held.entry.classList.add("calendar-dragged");
      aim(home());
    };
    const drop = (isMoved) => {
      if (!held) return;
      clearTimeout(held.waiting);
      const { entry, slot, isLifted } = held, moves = isMoved && isLifted && slot && slot !== home();
      aim(null);
      entry.classList.remove("calendar-dragged");
      held = null;
      if (!moves) return;
      const { elements } = form;
      elements.activity.value = entry.dataset.entry;
      elements._version.value = entry.dataset.version;
      elements.on.value = slot.dataset.on;
      elements.time.value = slot.dataset.time ?? "";
      form.requestSubmit();
    };

    calendar.addEventListener("pointerdown", (event) => {
      const entry = event.target.closest("[data-entry]");
      if (!entry || event.button !== 0 || held) return;
      held = { entry, slot: null, isLifted: false, x: event.clientX, y: event.clientY, isTouch: event.pointerType === "touch" };
      if (held.isTouch) held.waiting = setTimeout(lift, HOLD_MS);
    });
    document.addEventListener("pointermove", (event) => {
      if (!held || held.isByKeys) return;
      const isFar = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR;
      if (!held.isLifted) {
        if (!isFar) return;
        if (held.isTouch) return drop(false);
        lift();
      }
      const slot = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-slot]");
      aim(slot && calendar.contains(slot) ? slot : null);
    });
    document.addEventListener("pointerup", () => {
      if (!held || held.isByKeys) return;
      if (held.isLifted) {
        // The click that follows would open the activity.
        const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
        calendar.addEventListener("click", stop, { capture: true, once: true });
        setTimeout(() => calendar.removeEventListener("click", stop, { capture: true }));
      }
      drop(true);
    });
    document.addEventListener("pointercancel", () => drop(false));
    calendar.addEventListener("touchmove", (event) => { if (held?.isLifted) event.preventDefault(); }, { passive: false });
    calendar.addEventListener("dragstart", (event) => event.preventDefault());
    calendar.addEventListener("contextmenu", (event) => { if (held?.isTouch) event.preventDefault(); });

    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    calendar.addEventListener("keydown", (event) => {
      const entry = event.target.closest("[data-entry]"), step = STEPS[event.key];
      if (!entry) return;
      if (step && event.altKey) {
        event.preventDefault();
        if (!held) {
          held = { entry, slot: null, isByKeys: true };
          lift();
        }
        const slots = all("[data-slot]", calendar), columns = all("[data-slot]", held.slot.parentElement).length;
        const at = slots.indexOf(held.slot), to = at + step[0] + step[1] * columns;
        // Hours of another day are no neighbours; days of another week are.
        const leaves = held.slot.dataset.time && step[0] && Math.floor(at / columns) !== Math.floor(to / columns);
        if (!slots[to] || leaves) return;
        aim(slots[to]);
        toast(slots[to].dataset.name, 3000);
      } else if (held?.isByKeys && (event.key === "Enter" || event.key === "Escape")) {
        event.preventDefault();
        drop(event.key === "Enter");
      }
    });
    calendar.addEventListener("focusout", () => { if (held?.isByKeys) drop(false); });
  };

  // --- A form is sent once --------------------------------------------------------------------------

  const submits = (form) =>
    [...form.elements].filter((control) => control.type === "submit" || control.type === "image");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // By attribute: a form with a field called `method` answers with the field.
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "true";
    const pressed = event.submitter ?? submits(form)[0];
    // After the browser has read the form: a disabled button would not be part of it.
    setTimeout(() => {
      pressed?.setAttribute("aria-busy", "true");
      for (const button of submits(form)) button.disabled = true;
    });
  });

  // The page comes back from the history as it was left: with its buttons disabled.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sending]")) {
      delete form.dataset.sending;
      for (const button of submits(form)) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      }
    }
  });

  // --- htmx: what failed is said where it failed, or in a message -----------------------------------

  const panelFailed = (target) => {
    if (target?.matches?.("[data-quiet]")) return;
    if (!target?.matches?.("[data-panel]")) {
      toast("L’action n’a pas abouti. Vérifiez votre connexion, puis réessayez.");
      return;
    }
    const retry = element("button", "btn btn-sm mt-2", "Réessayer");
    retry.type = "button";
    retry.dataset.retry = "";
    const text = element("p", "text-ink-mute", "Ces informations n’ont pas pu être chargées.");
    const card = element("div", "card col-span-full", element("div", "empty", text, retry));
    card.setAttribute("role", "alert");
    target.replaceChildren(card);
    target.removeAttribute("aria-busy");
  };

  // What a page asks for by itself neither leads away from it nor complains: whoever types goes on typing.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (elt.hasAttribute("data-quiet") && xhr.status >= 400) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    // A widget among others says that it failed in its own place, and how to try again.
    const isWidget = Boolean(detail.target.closest("[data-widget]"));
    if (detail.isError && (isWidget || !detail.serverResponse.includes("data-problem"))) {
      detail.shouldSwap = false;
      panelFailed(detail.target);
    }
  });
  document.addEventListener("htmx:sendError", (event) => panelFailed(event.detail.target));
  document.addEventListener("htmx:timeout", (event) => panelFailed(event.detail.target));

  // --- What changes by itself: asked for again while somebody looks, and at once where live.js hears of it ----------

  const REFRESH_EVERY = 60_000;
  let refreshedAt = Date.now();

  const refresh = () => {
    if (document.visibilityState !== "visible") return;
    refreshedAt = Date.now();
    for (const part of all("[data-quiet]")) window.htmx?.trigger(part, "refresh");
  };
  const refreshIfOld = () => {
    const isLive = document.querySelector("[data-live=open]");
    if (Date.now() - refreshedAt < (isLive ? 2 : 1) * REFRESH_EVERY || document.visibilityState !== "visible") return;
    refresh();
    document.dispatchEvent(new CustomEvent("outdated"));
  };
  setInterval(refreshIfOld, REFRESH_EVERY / 4);
  document.addEventListener("visibilitychange", refreshIfOld);
  // That figures changed is for whoever shows some (dashboard.js).
  document.addEventListener("happened", ({ detail }) => detail.changed || refresh());

  // --- Exact decimals: an integer and how many of its digits stand after the mark -------------------

  const decimal = (text) => {
    const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").replace("\u2212", "-");
    const found = /^(-?)(\d{0,15})(?:\.(\d{0,9}))?$/.exec(plain);
    if (!found || !(found[2] || found[3])) return null;
    const fraction = found[3] ?? "";
    return { digits: BigInt(`${found[1]}${found[2]}${fraction}`), scale: fraction.length };
  };

  const tens = (power) => 10n ** BigInt(power);
  const NOTHING = { digits: 0n, scale: 0 };

  // Half away from zero, as EN 16931 and the server do. `over` is positive.
  const rounded = (value, over) => {
    const size = value < 0n ? -value : value;
    const result = (size * 2n + over) / (over * 2n);
    return value < 0n ? -result : result;
  };

  // quantity × price − discount, in minor units.
  const lineNet = (quantity, price, discount, minorScale) => {
    const kept = 100n * tens(discount.scale) - discount.digits;
    const value = quantity.digits * price.digits * kept * tens(minorScale);
    return rounded(value, tens(quantity.scale + price.scale + discount.scale) * 100n);
  };

  // `10 %` and `10` are per cent, `10 €` is money, as the server reads them.
  const discountOf = (text, minorScale) => {
    const [, typed, unit] = /^(.*?)\s*(%|[\p{L}€$£]+)?$/u.exec(text.trim());
    const number = decimal(typed || "0");
    if (!number || (unit && !typed)) return null;
    if (!unit || unit === "%") return { percent: number, amount: 0n };
    return { percent: NOTHING, amount: rounded(number.digits * tens(minorScale), tens(number.scale)) };
  };

  // An amount in proportion to parts; what rounding leaves goes where most of it was cut off.
  const shared = (amount, parts) => {
    const all = parts.reduce((sum, part) => sum + part, 0n);
    if (all === 0n || amount > all) return parts.map(() => 0n);
    const shares = parts.map((part) => (amount * part) / all);
    const lost = (at) => (amount * parts[at]) % all;
    const order = [...parts.keys()].sort((one, other) => (lost(other) > lost(one) ? 1 : lost(other) < lost(one) ? -1 : 0));
    let left = shares.reduce((rest, share) => rest - share, amount);
    for (const at of order) {
      if (left === 0n) break;
      shares[at] += 1n;
      left -= 1n;
    }
    return shares;
  };

  const vatOf = (base, percent) => rounded(base * percent.digits, tens(percent.scale) * 100n);

  // `123456` → `1 234,56 €`, as the server writes it.
  const french = (minor, minorScale, symbol) => {
    const digits = (minor < 0n ? -minor : minor).toString().padStart(minorScale + 1, "0");
    const cut = digits.length - minorScale;
    const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    const fraction = minorScale > 0 ? `,${digits.slice(cut)}` : "";
    return `${minor < 0n ? "\u2212" : ""}${whole}${fraction}\u00a0${symbol}`;
  };

  const folded = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "").replace(/œ/g, "oe").replace(/æ/g, "ae");

  // --- Alpine components ----------------------------------------------------------------------------

  // A button and the links that it shows. Escape closes; arrows walk.
  const menu = () => ({
    open: false,
    init() {
      // What it shows may be loaded once it is wanted.
      this.$watch("open", (open) => {
        if (open) this.$root.dispatchEvent(new CustomEvent("opened"));
      });
    },
    get expanded() {
      return this.open ? "true" : "false";
    },
    toggle() {
      this.open = !this.open;
    },
    close() {
      this.open = false;
    },
    leave(event) {
      if (event.relatedTarget && !this.$root.contains(event.relatedTarget)) this.close();
    },
    key(event) {
      if (event.key === "Escape" && this.open) {
        this.close();
        this.$refs.button.focus();
      }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      this.open = true;
      this.$nextTick(() => {
        const items = all("a, button", this.$refs.panel);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const now = items.indexOf(document.activeElement);
        const next = now < 0 ? (step > 0 ? 0 : items.length - 1) : (now + step + items.length) % items.length;
        items[next].focus();
      });
    },
  });

  // A password that can be shown.
  const reveal = () => ({
    toggle() {
      const { input, verb } = this.$refs;
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      verb.textContent = shown ? "Afficher" : "Masquer";
    },
  });

  // A long select becomes a field that searches it (ARIA combobox with a list).
  const combobox = () => ({
    init() {
      const { select } = this.$refs;
      if (select.options.length < 9) return;
      const { id } = select;
      this.select = select;
      this.active = -1;
      this.input = element("input", "input");
      Object.assign(this.input, { id, type: "text", autocomplete: "off", required: select.required });
      this.input.placeholder = select.options[0].text;
      for (const [name, value] of [
        ["role", "combobox"],
        ["aria-autocomplete", "list"],
        ["aria-expanded", "false"],
        ["aria-controls", `${id}-list`],
      ]) {
        this.input.setAttribute(name, value);
      }
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
      }
      this.list = element("ul", "menu-panel inset-x-0 top-full mt-1 max-h-72 overflow-y-auto");
      this.list.id = `${id}-list`;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.$refs.label.textContent);
      select.id = `${id}-value`;
      select.required = false;
      select.hidden = true;
      select.after(this.input, this.list);
      this.restore();
      this.input.addEventListener("input", () => this.show());
      this.input.addEventListener("click", () => this.show(true));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => {
        if (!this.input.value.trim()) this.choose(select.options[0]);
        this.hide();
        this.restore();
      });
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault(); // the field keeps the focus
        const item = event.target.closest("[role=option]");
        if (item) this.choose(this.shown[Number(item.dataset.at)]);
      });
    },
    restore() {
      const option = this.select.selectedOptions[0];
      this.input.value = option?.value ? option.text : "";
    },
    show(everything = false) {
      const words = everything ? [] : folded(this.input.value).split(/\s+/).filter(Boolean);
      this.shown = [...this.select.options]
        .filter((option) => option.value && words.every((word) => folded(option.text).includes(word)))
        .slice(0, 50);
      this.list.replaceChildren(
        ...this.shown.map((option, at) => {
          const item = element("li", "menu-item cursor-pointer", option.text);
          item.id = `${this.list.id}-${at}`;
          item.dataset.at = at;
          item.setAttribute("role", "option");
          item.setAttribute("aria-selected", option.selected ? "true" : "false");
          return item;
        }),
      );
      if (!this.shown.length) {
        const none = element("li", "text-ink-mute px-2.5 py-2", "Aucun résultat");
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        none.setAttribute("aria-selected", "false");
        this.list.append(none);
      }
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.mark(-1);
    },
    hide() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    },
    mark(at) {
      this.active = at;
      all("[role=option]", this.list).forEach((item, index) => {
        item.classList.toggle("bg-sunken", index === at);
        if (index === at) item.scrollIntoView({ block: "nearest" });
      });
      if (at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
      else this.input.removeAttribute("aria-activedescendant");
    },
    choose(option) {
      if (!option) return;
      this.select.value = option.value;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      this.restore();
      this.hide();
    },
    key(event) {
      const open = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) this.show(true);
        if (!this.shown.length) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(this.active < 0 && step < 0 ? this.shown.length - 1 : (this.active + step + this.shown.length) % this.shown.length);
      } else if (event.key === "Enter" && open) {
        event.preventDefault();
        this.choose(this.shown[Math.max(this.active, 0)]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        this.hide();
        this.restore();
      }
    },
  });

  // The organization's colours as they will look, before they are saved: the theme that the server makes of them.
  const brandPreview = () => ({
    init() {
      this.paint();
    },
    paint() {
      const inputs = all("input[type=color]", this.$root);
      for (const input of inputs) {
        const shown = this.$root.querySelector(`[data-hex="${input.name}"]`);
        if (shown) shown.textContent = input.value.toUpperCase();
      }
      this.theme = `/theme/${inputs.map((input) => input.value.slice(1).toUpperCase()).join("-")}.css`;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.dress(this.theme), 100); // a colour is found by dragging
    },
    async dress(theme) {
      const answer = await fetch(theme).catch(() => null);
      if (!answer?.ok) return;
      const css = await answer.text();
      if (theme !== this.theme) return;
      for (const [, name, color] of css.matchAll(/(--[\w-]+):(#\w{6})/g)) {
        this.$refs.preview.style.setProperty(name, color);
      }
    },
  });

  // The lines of a quote or an invoice. Each row repeats the same field names, so the server reads them in
  // the order in which they stand; the totals shown are an estimate, the server's are the document's.
  const lineEditor = () => ({
    init() {
      this.scale = Number(this.$root.dataset.scale);
      this.symbol = this.$root.dataset.symbol;
      this.max = Number(this.$root.dataset.max);
      this.number();
      this.compute();
    },
    rows() {
      return all("[data-line]", this.$refs.lines);
    },
    value(row, name) {
      return row.querySelector(`[name="${name}"]`).value;
    },
    // Where the document says why no VAT is charged, no line charges any.
    percent(row) {
      const treatment = this.$root.querySelector("[name=vat_treatment]");
      if (treatment && treatment.value !== "domestic") return NOTHING;
      return decimal(this.value(row, "line_vat")) ?? NOTHING;
    },
    net(row) {
      const quantity = decimal(this.value(row, "line_quantity"));
      const price = decimal(this.value(row, "line_unit_price"));
      const discount = discountOf(this.value(row, "line_discount"), this.scale);
      if (!quantity || !price || !discount) return null;
      const net = lineNet(quantity, price, discount.percent, this.scale) - discount.amount;
      return net < 0n ? null : net;
    },
    show(minor) {
      return french(minor, this.scale, this.symbol);
    },
    // What is taken off each rate.
    takenOff(bases) {
      const discount = discountOf(this.$root.querySelector("[name=discount]").value, this.scale);
      if (!discount) return bases.map(() => 0n);
      if (discount.percent.digits > 0n) return bases.map((base) => vatOf(base, discount.percent));
      return shared(discount.amount, bases);
    },
    part(label, value) {
      const part = element("div", "contents", element("dt", "", label), element("dd", "", this.show(value)));
      part.dataset.part = "";
      return part;
    },
    compute() {
      const bases = new Map();
      let net = 0n;
      for (const row of this.rows()) {
        const amount = this.net(row);
        row.querySelector("[data-line-total]").textContent = amount === null ? "\u2013" : this.show(amount);
        if (amount === null || this.value(row, "line_optional")) continue;
        const percent = this.percent(row);
        const rate = Number(percent.digits) / 10 ** percent.scale; // names the rate; nothing is computed from it
        const known = bases.get(rate) ?? { percent, base: 0n };
        known.base += amount;
        bases.set(rate, known);
        net += amount;
      }
      const rates = [...bases.entries()].sort(([one], [other]) => one - other);
      const discounts = this.takenOff(rates.map(([, { base }]) => base));
      const discount = discounts.reduce((sum, one) => sum + one, 0n);
      let gross = net - discount;
      const taxes = rates.map(([rate, { percent, base }], at) => {
        const tax = vatOf(base - discounts[at], percent);
        gross += tax;
        return this.part(`TVA ${String(rate).replace(".", ",")}\u00a0%`, tax);
      });
      for (const old of all("[data-part]", this.$root)) old.remove();
      if (discount > 0n) this.$refs.netLabel.before(this.part("Total HT avant remise", net), this.part("Remise", -discount));
      this.$refs.total.before(...taxes);
      this.$refs.net.textContent = this.show(net - discount);
      this.$refs.gross.textContent = this.show(gross);
      this.$root.dispatchEvent(new Event("lines", { bubbles: true }));
    },
    // Buttons say which line they act on; the ends cannot move further.
    number() {
      const rows = this.rows();
      rows.forEach((row, at) => {
        row.setAttribute("aria-label", `Ligne ${at + 1}`);
        for (const button of all("[data-line-action]", row)) {
          button.setAttribute("aria-label", `${button.title} ${at + 1}`);
          if (button.dataset.lineAction === "up") button.disabled = at === 0;
          if (button.dataset.lineAction === "down") button.disabled = at === rows.length - 1;
        }
      });
      this.$refs.add.disabled = rows.length >= this.max;
    },
    say(text) {
      this.$refs.status.textContent = text;
    },
    add() {
      if (this.rows().length >= this.max) return;
      const row = this.$refs.blank.content.firstElementChild.cloneNode(true);
      this.$refs.lines.append(row);
      this.number();
      this.compute();
      row.querySelector("textarea").focus();
      this.say(`Ligne ${this.rows().length} ajoutée.`);
    },
    act(event) {
      const button = event.target.closest("[data-line-action]");
      if (!button) return;
      const row = button.closest("[data-line]");
      const at = this.rows().indexOf(row);
      const action = button.dataset.lineAction;
      if (action === "section") {
        this.section(row);
        return;
      }
      if (action === "optional") {
        this.option(row, button);
        return;
      }
      if (action === "detach") {
        this.detach(row);
        return;
      }
      if (action === "remove") {
        row.remove();
        if (this.rows().length === 0) this.add();
        const rows = this.rows();
        rows[Math.min(at, rows.length - 1)].querySelector("textarea").focus();
        this.say(`Ligne ${at + 1} supprimée.`);
      } else {
        const other = action === "up" ? row.previousElementSibling : row.nextElementSibling;
        if (!other) return;
        if (action === "up") other.before(row);
        else other.after(row);
        this.say(`Ligne déplacée en position ${action === "up" ? at : at + 2}.`);
      }
      this.number();
      this.compute();
      if (action !== "remove") (button.disabled ? row.querySelector("textarea") : button).focus();
    },
    // Shows the title of the section that begins with a line, or takes it away.
    section(row) {
      const box = row.querySelector("[data-line-section]");
      const title = box.querySelector("input");
      box.hidden = !box.hidden;
      if (box.hidden) title.value = "";
      else title.focus();
      this.compute();
    },
    option(row, button) {
      const field = row.querySelector("[name=line_optional]");
      field.value = field.value ? "" : "true";
      button.setAttribute("aria-pressed", String(Boolean(field.value)));
      this.say(field.value ? "Ligne proposée en option." : "Ligne comprise dans le total.");
      this.compute();
    },
    // A product of the catalogue becomes a line: the first that is empty, or a new one.
    take({ detail }) {
      const isEmpty = (row) => !this.value(row, "line_description").trim() && !this.value(row, "line_unit_price").trim();
      if (!this.rows().some(isEmpty)) this.add();
      const row = this.rows().find(isEmpty);
      if (!row) {
        this.say(`Le document a déjà ${this.max} lignes.`);
        return;
      }
      const { product, name, description, unit, price, vat } = detail;
      const values = { product, description, unit, unit_price: price, vat };
      for (const [field, value] of Object.entries(values)) {
        const control = row.querySelector(`[name="line_${field}"]`);
        const isOffered = control.tagName !== "SELECT" || [...control.options].some((option) => option.value === value);
        if (isOffered) control.value = value;
      }
      row.querySelector("[data-line-product]").hidden = false;
      this.compute();
      const quantity = row.querySelector("[name=line_quantity]");
      quantity.focus();
      quantity.select();
      this.say(`Ligne ${this.rows().indexOf(row) + 1} : ${name}.`);
    },
    // What it says stays; it follows no product any more.
    detach(row) {
      row.querySelector("[name=line_product]").value = "";
      row.querySelector("[data-line-product]").hidden = true;
      row.querySelector("textarea").focus();
      this.say("Ligne détachée du catalogue.");
    },
    // Enter goes to the line below, and makes one under the last; it does not send the document.
    enter(event) {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      const below = event.target.closest("[data-line]").nextElementSibling;
      if (below) below.querySelector(`[name="${event.target.name}"]`).focus();
      else this.add();
    },
  });

  // The field that takes from the catalogue: htmx fills its list as one types, arrows walk it, Enter chooses
  // (ARIA combobox with a list). What was chosen is told as an event; the line editor listens.
  const productPicker = () => ({
    init() {
      this.active = -1;
      this.$refs.list.addEventListener("htmx:afterSwap", () => this.show());
    },
    options() {
      return all("[data-product]", this.$refs.list);
    },
    show() {
      const { input, list, found } = this.$refs;
      if (document.activeElement !== input) return;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      this.mark(-1);
      const { length } = this.options();
      found.textContent = length === 0 ? "Aucun article." : length === 1 ? "1 article proposé." : `${length} articles proposés.`;
    },
    hide() {
      const { input, list } = this.$refs;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    },
    mark(at) {
      this.active = at;
      const { input } = this.$refs;
      this.options().forEach((option, index) => {
        option.classList.toggle("bg-sunken", index === at);
        option.setAttribute("aria-selected", String(index === at));
        if (index !== at) return;
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      });
      if (at < 0) input.removeAttribute("aria-activedescendant");
    },
    press(event) {
      this.choose(event.target.closest("[data-product]"));
    },
    choose(option) {
      if (!option) return;
      this.hide();
      this.$refs.input.value = "";
      this.$root.dispatchEvent(new CustomEvent("product", { bubbles: true, detail: { ...option.dataset } }));
    },
    key(event) {
      const options = this.options();
      const isOpen = !this.$refs.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) this.show();
        if (!options.length) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(this.active < 0 && step < 0 ? options.length - 1 : (this.active + step + options.length) % options.length);
      } else if (event.key === "Enter") {
        event.preventDefault(); // it must not send the document
        if (isOpen) this.choose(options[Math.max(this.active, 0)]);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        this.hide();
      }
    },
  });

  // The search of every page: htmx fills its list as one types, `/` opens it from anywhere, arrows walk through what was
  // found, Enter opens it or else the page of all results, Escape closes (ARIA combobox with a list).
  const searchBox = () => ({
    init() {
      this.active = -1;
      const { input, list } = this.$refs;
      list.addEventListener("htmx:afterSwap", () => this.show());
      const open = (event) => {
        event.preventDefault();
        this.$root.dataset.open = "";
        input.focus();
        input.select();
      };
      document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
        if (!event.target.closest?.("input, textarea, select, [contenteditable]")) open(event);
      });
      for (const link of all("[data-open-search]")) link.addEventListener("click", open);
    },
    options() {
      return all("[role=option][href]", this.$refs.list);
    },
    // What is shown answers what is typed, or nothing is.
    show() {
      const { input, list, found } = this.$refs;
      if (document.activeElement !== input || input.value.trim().length < 2 || !list.childElementCount) return this.hide();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      this.mark(-1);
      const { length } = all("[role=group] [role=option]", list);
      found.textContent = length === 0 ? "Aucun résultat." : length === 1 ? "1 résultat proposé." : `${length} résultats proposés.`;
    },
    reopen() {
      this.show();
    },
    hide() {
      const { input, list } = this.$refs;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      this.mark(-1);
    },
    leave(event) {
      if (event.relatedTarget && this.$root.contains(event.relatedTarget)) return;
      this.hide();
      delete this.$root.dataset.open;
    },
    mark(at) {
      this.active = at;
      const { input } = this.$refs;
      this.options().forEach((option, index) => {
        option.classList.toggle("bg-sunken", index === at);
        option.setAttribute("aria-selected", String(index === at));
        if (index !== at) return;
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      });
      if (at < 0) input.removeAttribute("aria-activedescendant");
    },
    key(event) {
      const options = this.options();
      const isOpen = !this.$refs.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) this.show();
        if (this.$refs.list.hidden || !options.length) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(this.active < 0 && step < 0 ? options.length - 1 : (this.active + step + options.length) % options.length);
      } else if (event.key === "Enter" && isOpen && this.active >= 0) {
        event.preventDefault();
        options[this.active].click();
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (isOpen) this.hide();
        else this.$refs.input.blur();
      }
    },
  });

  // A file goes straight to the bucket: one request signs the link, the browser sends the file there, another request
  // takes it over and answers with what the page then shows.
  const uploader = () => ({
    init() {
      // What is around it takes files that are dropped there.
      const zone = this.$root.closest("[data-dropzone]");
      if (!zone) return;
      const hover = (is) => (event) => {
        event.preventDefault();
        zone.classList.toggle("bg-canvas", is);
      };
      zone.addEventListener("dragover", hover(true));
      zone.addEventListener("dragleave", hover(false));
      zone.addEventListener("drop", (event) => {
        hover(false)(event);
        if (!this.$refs.file.disabled) this.sendAll([...event.dataTransfer.files]);
      });
    },
    send() {
      return this.sendAll([...this.$refs.file.files]);
    },
    // One after the other: the answer takes the place of this one, and who stands there then sends the rest.
    async sendAll([file, ...rest]) {
      if (!file) return;
      const { done, target, include, named, many } = this.$root.dataset;
      this.wait(true);
      try {
        const link = await this.begin(file);
        await this.put(link, file);
        const values = { upload_id: [link.id] };
        if (named) values[named] = [file.name];
        for (const field of include ? all(include) : []) (values[field.name] ??= []).push(field.value);
        await window.htmx.ajax("POST", done, { target, swap: "outerHTML", values });
        if (this.$root.isConnected) this.wait(false); // nothing came back in our place
        const next = document.querySelector(`${target} [x-data="uploader"]`);
        const failed = document.querySelector(`${target} [data-problem]`);
        if (many !== undefined && next && !failed) await window.Alpine.$data(next).sendAll(rest);
      } catch (error) {
        this.$refs.status.replaceChildren(icon("danger"), element("span", "", error.message));
        this.$refs.status.hidden = false;
        this.wait(false);
      }
    },
    wait(sending) {
      const { button, file, progress, status } = this.$refs;
      button.toggleAttribute("aria-busy", false);
      if (sending) button.setAttribute("aria-busy", "true");
      file.disabled = sending;
      progress.hidden = !sending;
      progress.value = 0;
      if (sending) status.hidden = true;
      else file.value = ""; // the same file may be chosen again
    },
    async begin(file) {
      const failed = new Error("L’envoi n’a pas pu commencer. Vérifiez votre connexion, puis réessayez.");
      const answer = await fetch(this.$root.dataset.begin, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ media_type: file.type || "application/octet-stream", bytes: file.size }),
      }).catch(() => null);
      const told = await answer?.json().catch(() => null);
      if (answer?.ok && told?.url) return told;
      throw told?.message ? new Error(told.message) : failed;
    },
    // Not by fetch, which does not tell how far it has come.
    put(link, file) {
      return new Promise((resolve, reject) => {
        const failed = () => reject(new Error("Le fichier n’a pas pu être envoyé. Vérifiez votre connexion, puis réessayez."));
        const request = new XMLHttpRequest();
        request.open("PUT", link.url);
        for (const [name, value] of Object.entries(link.headers)) request.setRequestHeader(name, value);
        request.upload.addEventListener("progress", ({ loaded, total }) => {
          this.$refs.progress.value = (100 * loaded) / total;
        });
        request.addEventListener("load", () => (request.status < 300 ? resolve() : failed()));
        request.addEventListener("error", failed);
        request.addEventListener("abort", failed);
        request.send(file);
      });
    },
  });

  // Boxes of a list, each chosen by itself or all at once; the button says how many.
  const selection = () => ({
    init() {
      this.count();
    },
    boxes() {
      return [...this.$root.querySelectorAll("[data-selectable]")];
    },
    all() {
      for (const box of this.boxes()) box.checked = this.$refs.all.checked;
      this.count();
    },
    count() {
      const boxes = this.boxes();
      const chosen = boxes.filter((box) => box.checked).length;
      const { all, status, button } = this.$refs;
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
      status.textContent = `${chosen} sur ${boxes.length}`;
      if (!button) return;
      const { none, one, many } = button.dataset;
      button.textContent = [none, one][chosen] ?? many.replace("{}", chosen);
    },
  });

  // A signature drawn by mouse, pen or finger; who cannot draw signs by their name. What is sent is a small picture.
  const signaturePad = () => ({
    init() {
      this.strokes = 0;
      this.$refs.drawing.hidden = false;
      this.choose();
    },
    // The canvas has as many dots as it is seen with, once it is seen.
    fit() {
      const { canvas } = this.$refs;
      const scale = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = Math.round(canvas.clientWidth * scale);
      canvas.height = Math.round(canvas.clientHeight * scale);
      const pen = canvas.getContext("2d");
      pen.scale(scale, scale);
      pen.lineWidth = 2;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#111827";
      this.pen = pen;
    },
    choose() {
      const typed = this.$refs.typed.checked;
      this.$refs.drawing.hidden = typed;
      this.$refs.missing.hidden = true;
      if (!typed) this.clear();
    },
    clear() {
      this.strokes = 0;
      this.isDown = false;
      this.$refs.drawn.value = "";
      this.fit();
    },
    point({ clientX, clientY }) {
      const { left, top } = this.$refs.canvas.getBoundingClientRect();
      return [clientX - left, clientY - top];
    },
    begin(event) {
      event.preventDefault();
      this.$refs.canvas.setPointerCapture(event.pointerId);
      this.isDown = true;
      this.pen.beginPath();
      this.pen.moveTo(...this.point(event));
    },
    draw(event) {
      if (!this.isDown) return;
      this.pen.lineTo(...this.point(event));
      this.pen.stroke();
      this.strokes += 1;
    },
    end() {
      if (!this.isDown) return;
      this.isDown = false;
      if (this.strokes > 0) this.$refs.drawn.value = this.$refs.canvas.toDataURL("image/png");
      this.$refs.missing.hidden = true;
    },
    sign(event) {
      if (this.$refs.typed.checked || this.$refs.drawn.value) return;
      event.preventDefault();
      this.$refs.missing.hidden = false;
      this.$refs.typed.focus();
    },
  });

  // Rows that can be added and removed. Their names say where they stand (`addresses.2.city`), and need not be without
  // gaps: the server reads them in their order.
  const repeatedRows = () => ({
    init() {
      this.max = Number(this.$root.dataset.max);
      this.next = this.rows().length;
      this.check();
    },
    rows() {
      return all("[data-row]", this.$refs.rows);
    },
    check() {
      this.$refs.add.disabled = this.rows().length >= this.max;
    },
    add() {
      const row = this.$refs.blank.content.firstElementChild.cloneNode(true);
      for (const part of all("[name], [id], [for], [aria-describedby]", row)) {
        for (const name of ["name", "id", "for", "aria-describedby"]) {
          const value = part.getAttribute(name);
          if (value) part.setAttribute(name, value.replaceAll(".new.", `.${this.next}.`));
        }
      }
      this.next += 1;
      this.$refs.rows.append(row);
      this.check();
      row.querySelector("select, input").focus();
      this.$refs.status.textContent = "Ligne ajoutée.";
    },
    remove(event) {
      const row = event.target.closest("[data-row-remove]")?.closest("[data-row]");
      if (!row) return;
      row.remove();
      this.check();
      this.$refs.add.focus();
      this.$refs.status.textContent = "Ligne retirée.";
    },
  });

  document.addEventListener("alpine:init", () => {
    const { Alpine } = window;
    Alpine.data("signaturePad", signaturePad);
    Alpine.data("menu", menu);
    Alpine.data("reveal", reveal);
    Alpine.data("combobox", combobox);
    Alpine.data("brandPreview", brandPreview);
    Alpine.data("lineEditor", lineEditor);
    Alpine.data("productPicker", productPicker);
    Alpine.data("searchBox", searchBox);
    Alpine.data("uploader", uploader);
    Alpine.data("selection", selection);
    Alpine.data("repeatedRows", repeatedRows);
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
