// A photo of the open carton: made small enough for a warehouse's network, sent, and kept in hand until it arrived.
(() => {
  "use strict";
  const root = document.querySelector("[data-session]");
  if (!root || !root.querySelector("[data-photo]")) return;
  root.setAttribute("data-scripted", "");
  const SIDE_PX = 1600, QUALITY = 0.82, AGAIN_MS = 3000;
  let waiting = null, timer = 0, shown = "";

  const smaller = async (file) => {
    try {
      const drawn = await createImageBitmap(file), scale = Math.min(1, SIDE_PX / Math.max(drawn.width, drawn.height));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.round(drawn.width * scale), Math.round(drawn.height * scale)];
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((made) => done(made || file), "image/jpeg", QUALITY));
    } catch { // no picture this browser knows: the server says what it is
      return file;
    }
  };
  const say = (which) => {
    const told = root.querySelector("[data-photo-says]");
    if (!told) return;
    told.hidden = !which;
    told.textContent = which ? told.dataset[which] : "";
  };
  const look = () => {
    const form = root.querySelector("[data-photo]");
    if (!form || !shown || form.querySelector("img")) return;
    const image = document.createElement("img");
    image.src = shown;
    image.alt = "";
    form.append(image);
  };
  const send = async () => {
    const form = root.querySelector("[data-photo]");
    if (!waiting || !form) return;
    const body = new FormData(), photo = waiting;
    body.set("csrf", form.elements.csrf.value);
    body.set("photo", photo, "photo.jpg");
    say("sending");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" } });
      if (answer.status >= 500 || ["/sign-in", "/floor/who"].includes(new URL(answer.url).pathname)) throw new Error();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (waiting === photo) waiting = null;
      say("");
      root.dispatchEvent(new CustomEvent("floor:page", { detail: page }));
      if (answer.ok) look();
    } catch {
      say("waits");
      clearTimeout(timer);
      timer = setTimeout(send, AGAIN_MS);
    }
  };
  root.addEventListener("change", async (event) => {
    if (event.target.id !== "photo" || !event.target.files.length) return;
    waiting = await smaller(event.target.files[0]);
    URL.revokeObjectURL(shown);
    shown = URL.createObjectURL(waiting);
    look();
    send();
  });
  window.addEventListener("online", send);
})();
