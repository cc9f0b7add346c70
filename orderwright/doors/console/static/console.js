// What pages do in the browser beyond HTML and htmx. Every page works without it, too.
(() => {
  "use strict";
  const $ = (css, within = document) => within.querySelector(css);
  const $$ = (css, within = document) => [...within.querySelectorAll(css)];
  const isShown = (element) => element.getClientRects().length > 0;

  // htmx keeps the address of the page even where it is told to keep no history, and searches are personal.
  sessionStorage.removeItem("htmx-current-path-for-history");

  // The visitor's clock: pages are rendered by it from the next one on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `orderwright-zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  // What was done is told for a while. People who read with a screen reader hear it at once.
  const toast = (element) => {
    setTimeout(() => element.classList.add("gone"), 5000);
    setTimeout(() => element.remove(), 5600);
  };
  $$("[data-toast]").forEach(toast);

  // A form is sent once: its button waits for the answer. The server would do it once in any case.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    $$("button", form).forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  window.addEventListener("pageshow", () => $$("[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$("button", form).forEach((button) => button.removeAttribute("aria-busy"));
  }));

  // Whose session ended while they wrote has to sign in first, and then finds what they wrote: in this tab, and only they.
  const WRITTEN = "orderwright-written", me = document.body.dataset.me, again = $("[data-again]");
  const fieldsOf = (form) => $$("input, select, textarea", form)
    .filter((each) => each.name && !["hidden", "password", "file", "submit"].includes(each.type));
  document.addEventListener("submit", ({ target: form }) => {
    if (!me || form.method !== "post") return;
    const fields = fieldsOf(form).map(({ name, value, checked }) => ({ name, value, checked }));
    sessionStorage.setItem(WRITTEN, JSON.stringify({ me, action: form.getAttribute("action"), fields }));
  });
  const written = JSON.parse(sessionStorage.getItem(WRITTEN));
  sessionStorage.removeItem(WRITTEN);
  if (written && !me) sessionStorage.setItem(WRITTEN, JSON.stringify({ ...written, isAway: true }));
  const unsent = written && written.isAway && written.me === me
    && $$("form").find((form) => form.getAttribute("action") === written.action);
  if (unsent) {
    fieldsOf(unsent).forEach((field, at) => {
      const was = written.fields[at];
      if (!was || was.name !== field.name) return;
      field.value = was.value;
      if ("checked" in was) field.checked = was.checked;
    });
    again.hidden = false;
  }

  // Dialogs: htmx fills #dialog, then it opens; without script the same link leads to a page of its own.
  const box = $("#box");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog" || !box) return;
    if (!box.open) box.showModal();
    const first = $("[aria-invalid=true], [autofocus], input:not([type=hidden]), select, textarea, button", event.target);
    if (first) first.focus();
  });
  document.addEventListener("click", (event) => {
    const chart = event.target.closest("[data-chart]");
    if (chart) import(chart.dataset.script).then(({ look }) => look(chart));
    const opener = event.target.closest("[data-open]");
    if (opener) $(`#${opener.dataset.open}`).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer && closer.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    if (event.target.matches("dialog")) event.target.close();
    $$("details.me[open], details.menu[open]").forEach((each) => each.contains(event.target) || (each.open = false));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") $$("details.me[open], details.menu[open]").forEach((each) => { each.open = false; });
  });

  // An address to be sent to somebody is whole here, and can be copied.
  $$("[data-whole-address]").forEach((each) => { each.textContent = new URL(each.textContent.trim(), location).href; });
  $$("[data-copy]").forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => navigator.clipboard.writeText($(`#${button.dataset.copy}`).textContent).then(() => {
      button.textContent = button.dataset.copied;
    }));
  });

  // Keys. Whatever has data-keys is clicked, or focused where it is written into; "g o" is one after the other.
  let before = "", since = 0, isWaiting = false;
  const keyed = () => $$("[data-keys]").filter(isShown);
  const nameOf = (element) => element.getAttribute("aria-label") || element.textContent.trim();
  const row = (step) => {
    const rows = $$("[data-rows] > tr, [data-rows] > li").filter(isShown);
    const here = rows.findIndex((each) => each.classList.contains("here"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
    if (!next) return;
    rows.forEach((each) => each.classList.toggle("here", each === next));
    next.scrollIntoView({ block: "nearest" });
    const link = $("a", next);
    if (link) link.focus({ preventScroll: true });
  };
  // Rows can be chosen: x chooses the row one is at; with Shift, or a click with Shift, all from the one chosen last.
  let lastChosen = null;
  const count = () => $$("[data-chosen]").forEach((each) => { each.textContent = $$("[data-choose]:checked").length; });
  const chosen = (box, isRange) => {
    const boxes = $$("[data-choose]"), from = boxes.indexOf(lastChosen), to = boxes.indexOf(box);
    if (isRange && from >= 0) {
      boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((each) => { each.checked = box.checked; });
    }
    lastChosen = box;
    count();
  };
  const chooseHere = (isRange) => {
    const box = $("[data-rows] .here [data-choose]") || $("[data-choose]");
    if (!box) return;
    box.checked = isRange || !box.checked;
    chosen(box, isRange);
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-choose]")) chosen(event.target, event.shiftKey);
    const all = event.target.closest("[data-choose-all]");
    if (!all) return;
    const boxes = $$("[data-choose]"), isOn = all.matches("input") ? all.checked : boxes.some((each) => !each.checked);
    boxes.forEach((each) => { each.checked = isOn; });
    $$("input[data-choose-all]").forEach((each) => { each.checked = isOn; });
    count();
  });
  window.addEventListener("pageshow", count);

  const showKeys = () => {
    const list = $("[data-keys-list]");
    if (!list) return;
    const seen = new Set();
    const entries = keyed().map((each) => [each.dataset.keys, nameOf(each)]);
    const names = $("#key-names").content;
    const fixed = ["?", ...($("[data-rows]") ? ["j", "k", "Enter"] : []),
      ...($("[data-choose]") ? ["x", "X"] : []), "Escape"];
    entries.push(...fixed.map((key) => [key, $(`[data-for="${key}"]`, names).textContent]));
    list.replaceChildren(...entries.flatMap(([keys, name]) => {
      if (seen.has(keys)) return [];
      seen.add(keys);
      const term = document.createElement("dt"), told = document.createElement("dd");
      term.textContent = name;
      keys.split(" ").forEach((key, i) => {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        told.append(...(i ? [" "] : []), cap);
      });
      return [term, told];
    }));
    $("#keys").showModal();
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const isWriting = at.matches("input:not([type=checkbox], [type=radio]), select, textarea") || at.isContentEditable;
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "?") return event.preventDefault(), showKeys();
    if (event.key === "j" || event.key === "k") return row(event.key === "j" ? 1 : -1);
    if ((event.key === "x" || event.key === "X") && $("[data-choose]")) return chooseHere(event.key === "X");
    const keys = isWaiting && event.timeStamp - since < 1200 ? `${before} ${event.key}` : event.key;
    const found = keyed().find((each) => each.dataset.keys === keys);
    isWaiting = !found && keyed().some((each) => each.dataset.keys.startsWith(`${keys} `));
    [before, since] = [keys, event.timeStamp];
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, select, textarea")) {
      found.focus();
      if (found.select) found.select();
    } else found.click();
  });

  // What a list shows is its address, to be kept or sent on; each letter typed is no step to go back to.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("[data-address]") && event.detail.successful) {
      history.replaceState(null, "", event.detail.pathInfo.finalRequestPath);
    }
  });

  // Whoever is chosen is named in the note, where the writing is.
  $$("[data-scripted]").forEach((each) => { each.hidden = false; });
  document.addEventListener("change", (event) => {
    const into = event.target.dataset.mention && $(`#${event.target.dataset.mention}`);
    if (!into || !event.target.value) return;
    const at = into.selectionEnd, space = at && !/\s/.test(into.value[at - 1]) ? " " : "";
    into.setRangeText(`${space}@${event.target.value} `, into.selectionStart, at, "end");
    event.target.value = "";
    into.focus();
  });

  // A live page is told when something happened, and then asks for itself anew; not while somebody is at work in it,
  // and not while nobody looks. Without script it is as it was when it was opened.
  let stream = null, missed = "", wasOpen = false;
  const live = () => $("[data-live]");
  const renew = (pulse) => {
    missed = "";
    if (!live() || live().dataset.pulse === pulse) return;
    if (live().contains(document.activeElement) || $("dialog[open]")) missed = pulse;
    else htmx.trigger(live(), "refresh");
  };
  const hush = () => { if (stream) stream.close(); stream = null; };
  const listen = () => {
    if (stream || !live() || document.hidden) return;
    stream = new EventSource(live().dataset.live);
    stream.addEventListener("pulse", (event) => renew(event.data));
  };
  document.addEventListener("focusout", () => setTimeout(() => missed && renew(missed)));
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", listen);
  document.addEventListener("htmx:beforeSwap", () => { wasOpen = Boolean($("[data-live] details[open]")); });
  document.addEventListener("htmx:afterSettle", () => { if (wasOpen && live()) $("details", live()).open = true; wasOpen = false; });

  // Choosing in a filter is asking for it.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-at-once]")) event.target.form.requestSubmit();
  });
})();
