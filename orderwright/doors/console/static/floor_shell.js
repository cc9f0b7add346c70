// On every page of the floor: the service worker, what still waits to be sent, and fields that remember.
(() => {
  "use strict";
  navigator.serviceWorker?.register("/floor/worker.js", { scope: "/floor" }).catch(() => {}); // none over plain http
  const PLACE = "orderwright-floor ";
  const waiting = () => Object.keys(localStorage).filter((key) => key.startsWith(PLACE)).map((key) => key.slice(PLACE.length));

  // Whoever leaves with scans that wait would lose them: first they are sent, from the page of their work.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action='/sign-out'], form[data-lock]")) return;
    const [path] = waiting();
    if (!path) return;
    event.preventDefault();
    if (location.pathname !== path) location.assign(path);
  }, true);

  const banner = document.querySelector("[data-unsent]");
  const [path] = waiting();
  if (banner && path) {
    banner.querySelector("a").href = path;
    banner.hidden = false;
  }

  // The way is wider than a phone: it opens where the next stop is.
  const way = document.querySelector("[data-middle]");
  if (way) way.scrollLeft = way.scrollWidth * Number(way.dataset.middle) - way.clientWidth / 2;

  // A shared scanner nobody touches is locked, as soon as nothing waits to be sent from it.
  const lock = document.querySelector("form[data-lock]");
  if (lock) {
    let touched = Date.now();
    for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, () => { touched = Date.now(); }, true);
    setInterval(() => {
      if (Date.now() - touched > Number(lock.dataset.idleS) * 1000 && navigator.onLine && !waiting().length) lock.requestSubmit();
    }, 1000);
  }

  // Keys for a PIN that gloves can hit.
  const pad = document.querySelector("[data-pad]"), pin = document.querySelector("#pin");
  if (pad && pin) {
    pad.hidden = false;
    if (matchMedia("(pointer: coarse)").matches) pin.inputMode = "none";
    pad.addEventListener("click", (event) => {
      const digit = event.target.closest("[data-digit]")?.dataset.digit;
      if (digit === undefined) return;
      pin.value = digit ? (pin.value + digit).slice(0, pin.maxLength) : "";
      navigator.vibrate?.(20);
    });
  }

  for (const field of document.querySelectorAll("[data-kept]")) {
    const key = `orderwright-kept ${field.dataset.kept}`;
    field.value = field.value || localStorage.getItem(key) || "";
    field.form.addEventListener("submit", () => { if (field.value.trim()) localStorage.setItem(key, field.value.trim()); });
  }
})();
