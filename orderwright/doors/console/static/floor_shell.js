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

  for (const field of document.querySelectorAll("[data-kept]")) {
    const key = `orderwright-kept ${field.dataset.kept}`;
    field.value = field.value || localStorage.getItem(key) || "";
    field.form.addEventListener("submit", () => { if (field.value.trim()) localStorage.setItem(key, field.value.trim()); });
  }
})();
