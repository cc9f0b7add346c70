// Scanning by a phone's camera, where its browser reads barcodes itself. A code that is seen is typed into the field.
(() => {
  "use strict";
  const button = document.querySelector("[data-camera]");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const form = button.form, field = form.querySelector("#code"), video = form.querySelector("video");
  const EVERY_MS = 120, FORGOTTEN_MS = 1500;
  let stream = null, detector = null, last = "", seenAt = 0;
  button.hidden = false;

  const stop = () => {
    if (stream) stream.getTracks().forEach((each) => each.stop());
    stream = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  };
  // The same code counts again once it was out of sight for a while: nobody takes a unit faster.
  const look = async () => {
    if (!stream) return;
    try {
      const [found] = await detector.detect(video);
      if (found) {
        const isSame = found.rawValue === last && performance.now() - seenAt < FORGOTTEN_MS;
        [last, seenAt] = [found.rawValue, performance.now()];
        if (!isSame) {
          field.value = found.rawValue;
          form.requestSubmit();
        }
      }
    } catch { /* no picture yet */ }
    setTimeout(look, EVERY_MS);
  };
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      detector = detector || new window.BarcodeDetector();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch { // not allowed, or there is none: the field takes what is typed
      return stop();
    }
    video.srcObject = stream;
    video.hidden = false;
    button.setAttribute("aria-pressed", "true");
    video.play().catch(() => {});
    look();
  });
  document.addEventListener("visibilitychange", () => document.hidden && stop());
})();
