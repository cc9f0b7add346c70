// What customers' pages do in the browser beyond HTML. Every page works without it, too.
(() => {
  "use strict";
  const $$ = (css, within = document) => [...within.querySelectorAll(css)];

  // The customer's clock: pages are rendered by it from the next one on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `orderwright-zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  $$("[data-toast]").forEach((toast) => {
    setTimeout(() => toast.classList.add("gone"), 6000);
    setTimeout(() => toast.remove(), 6600);
  });

  // A form is sent once: its button waits for the answer. The server would do it once in any case.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    $$("button", form).forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  window.addEventListener("pageshow", (event) => {
    // Who comes back to a page sees the order as it is now, not as it was.
    if (event.persisted) window.location.reload();
    $$("[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      $$("button", form).forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  // What would be asked for by a button is asked for at once: where somebody comes back from paying.
  $$("[data-at-once]").forEach((mark) => mark.closest("form").requestSubmit());

  $$("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
