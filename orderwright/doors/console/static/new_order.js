// An order written down by keyboard: Enter goes on, products are offered as they are typed, and what it comes to is
// looked up while the next line is written. Without script the same form does it by its buttons.
(() => {
  "use strict";
  const $ = (css, within = document) => within.querySelector(css);
  const $$ = (css, within = document) => [...within.querySelectorAll(css)];
  const desk = () => $("#desk");
  let timer = 0, isAsking = false, isStale = false, waiting = null, asked = 0;

  // What it comes to, asked for a moment after the last letter. What is being typed stays as it is.
  const look = () => {
    clearTimeout(timer);
    isStale = isAsking = true;
    const own = ++asked;
    htmx.ajax("POST", desk().dataset.look, { source: desk(), target: "#told", swap: "outerHTML" }).finally(() => {
      if (own !== asked) return;
      isStale = isAsking = false;
      $$("[aria-describedby$='-wrong']", desk()).forEach((field) => {
        const said = document.getElementById(field.getAttribute("aria-describedby"));
        field.toggleAttribute("aria-invalid", !!(said && said.textContent.trim()));
        if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
      });
      if (waiting) { const button = waiting; waiting = null; button.isConnected ? button.click() : $("[data-place]").click(); }
    });
  };
  const lookSoon = () => { isStale = true; clearTimeout(timer); timer = setTimeout(look, 250); };

  // Lines. There is always an empty one at the end.
  const lines = () => $$(".entry > .order-line");
  const part = (line, name) => $(`[name$='/${name}']`, line);
  const grow = () => {
    const all = lines(), last = all[all.length - 1];
    if (last && !part(last, "sku").value.trim()) return last;
    const next = all.reduce((most, each) => Math.max(most, Number(each.dataset.line)), -1) + 1;
    $(".entry").insertAdjacentHTML("beforeend", $("#empty-line").innerHTML.replaceAll("__", String(next)));
    const made = lines().pop();
    htmx.process(made);
    return made;
  };
  const go = (field) => { field.focus(); if (field.select) field.select(); };

  // Products as they are typed.
  let typed = 0, offered = 0;
  const listOf = (input) => input.parentElement.querySelector(".options");
  const shut = (input) => {
    clearTimeout(typed);
    offered += 1;
    const list = listOf(input);
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (input, at) => {
    const options = $$("li", listOf(input));
    options.forEach((each, i) => each.setAttribute("aria-selected", String(i === at)));
    if (options[at]) input.setAttribute("aria-activedescendant", options[at].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const offer = async (input) => {
    const q = input.value.trim(), own = ++offered;
    if (q.length < 2) return shut(input);
    const query = new URLSearchParams({ q, channel: $("#channel").value });
    const answer = await fetch(`/orders/new/products?${query}`, { headers: { "HX-Request": "true", "HX-Target": "options" } }).catch(() => null);
    if (!answer || !answer.ok || own !== offered || document.activeElement !== input) return;
    const list = listOf(input);
    list.innerHTML = await answer.text();
    const options = $$("li", list);
    options.forEach((each, i) => { each.id = `${list.id}-${i}`; each.setAttribute("role", "option"); });
    list.setAttribute("role", "listbox");
    list.hidden = !options.length || (options.length === 1 && options[0].dataset.sku.toUpperCase() === q.toUpperCase());
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(input, options.findIndex((each) => each.dataset.sku.toUpperCase() === q.toUpperCase()));
  };
  const dress = (input) => {
    if (input.getAttribute("role")) return;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", listOf(input).id);
    input.setAttribute("aria-expanded", "false");
  };
  const choose = (input, option) => {
    input.value = option.dataset.sku;
    shut(input);
    lookSoon();
  };
  // Enter takes what is marked; else the only one that is offered; else what was typed, as with a scanner.
  const settle = async (input) => {
    const list = listOf(input);
    const options = list.hidden ? [] : $$("li", list);
    const marked = options.find((each) => each.getAttribute("aria-selected") === "true") || (options.length === 1 ? options[0] : null);
    if (marked) choose(input, marked); else shut(input);
  };

  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-product]")) dress(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.matches("[data-product]")) shut(event.target); });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".options li[role=option]");
    if (!option) return;
    event.preventDefault();
    const input = $("[data-product]", option.closest(".product"));
    choose(input, option);
    go(part(input.closest(".order-line"), "quantity"));
  });
  document.addEventListener("input", (event) => {
    const at = event.target;
    if (!at.closest("#desk")) return;
    isOnlyHere = isOnlyHere || at.id !== "find";
    if (at.id === "find" || at.name === "valid_until" || at.name === "anyway") return;
    lookSoon();
    if (!at.matches("[data-product]")) return;
    clearTimeout(typed);
    typed = setTimeout(() => offer(at), 120);
    if (at.value.trim()) grow();
  });

  const arrow = (event, step) => {
    const at = event.target;
    if (at.matches("[data-product]") && !listOf(at).hidden) {
      const options = $$("li", listOf(at)), here = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
      mark(at, (here + step + options.length + (here < 0 && step < 0 ? 1 : 0)) % options.length);
      return true;
    }
    if (at.id === "find" || at.closest("#found")) {
      const stops = [$("#find"), ...$$("#found button")], next = stops[stops.indexOf(at.closest("button") || at) + step];
      if (next) next.focus();
      return true;
    }
    const line = at.closest(".entry > .order-line");
    if (!line || !at.matches("input")) return false;
    const all = lines(), other = all[all.indexOf(line) + step], name = at.name.split("/").pop();
    if (other) go(part(other, name));
    return true;
  };
  const enter = (event) => {
    const at = event.target, line = at.closest(".entry > .order-line");
    if (at.id === "find") {
      const first = $("#found button");
      if (first) first.click();
      else if (at.value.trim()) at.dataset.first = "1"; // the answer is on its way: its first one is taken
      else go($("#customer-name"));
    } else if (line && at.matches("[data-product]")) {
      if (!at.value.trim()) return shut(at), $("#desk [data-place]").focus();
      settle(at);
      grow();
      go(part(line, "quantity"));
    } else if (line) {
      const all = lines(), next = all[all.indexOf(line) + 1] || grow();
      go(part(next, "sku"));
    } else {
      const fields = $$("input:not([type=hidden]), select", desk()).filter((each) => each.getClientRects().length);
      const next = fields[fields.indexOf(at) + 1];
      if (next) go(next);
    }
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!at.closest || !at.closest("#desk")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (at.matches("[data-product]")) settle(at);
      $("#desk [data-place]").click();
    } else if (event.key === "Enter" && at.matches("input:not([type=checkbox], [type=date]), select")) {
      event.preventDefault();
      enter(event);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !at.matches("select, [type=date]")) {
      if (arrow(event, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "Escape" && at.matches("[data-product]") && !listOf(at).hidden) {
      event.preventDefault();
      shut(at);
    }
  });

  // What is written here is nowhere else until it is placed, kept or quoted: who leaves is asked first, and only then.
  let isOnlyHere = false;
  window.addEventListener("beforeunload", (event) => { if (isOnlyHere) event.preventDefault(); });
  document.addEventListener("submit", (event) => {
    if (event.target === desk() && event.submitter?.matches("[data-place]")) isOnlyHere = false;
  }, true);

  // What was told is what is placed: the button waits for the answer that is under way.
  document.addEventListener("submit", (event) => {
    if (event.target !== desk() || !isStale || !event.submitter || !event.submitter.matches("[data-place]")) return;
    event.preventDefault();
    const label = event.submitter.getAttribute("formaction");
    look();
    waiting = { isConnected: true, click: () => $(label ? `#desk [data-place][formaction="${label}"]` : "#desk [data-place]").click() };
  }, true);

  document.addEventListener("htmx:afterSettle", (event) => { // not sooner: a button is htmx's only once it has settled
    if (event.target.id !== "found") return;
    const find = $("#find"), first = $("#found button");
    if (find.dataset.first && first) first.click();
    delete find.dataset.first;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "desk") return;
    isStale = isAsking = false;
    begin();
  });
  const begin = () => {
    const form = desk();
    if (!form) return;
    const refused = $("[data-refused]", form), wrong = $("[aria-invalid=true]", form);
    isOnlyHere = isOnlyHere || !!refused;
    if (refused && !wrong) return refused.focus();
    if (wrong && refused) return go(wrong);
    const empty = lines().find((line) => !part(line, "sku").value.trim());
    if (form.dataset.next === "lines" && empty) go(part(empty, "sku"));
    else if (document.activeElement === document.body) $("#find").focus();
  };
  begin();
})();
