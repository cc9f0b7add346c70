// A scanner's screen. It numbers scans itself, keeps them while the network is away, and sends them in their order with
// their own times. The server counts each number once, so sending again does no harm. Without script the forms do.
(() => {
  "use strict";
  const root = document.querySelector("[data-session]");
  if (!root) return;
  const $ = (css, within = root) => within.querySelector(css);
  // Where there is no network, floor_worker.js puts a page without anything personal at the address of this work.
  const isShell = root.hasAttribute("data-shell");
  const field = $("#code"), away = $("[data-away]"), path = isShell ? location.pathname : root.dataset.session;
  const place = `orderwright-floor ${path}`, notes = `orderwright-floor-next ${path}`;
  const AT_ONCE = 100, AGAIN_MS = 2000, SHOWN_MAX = 6, GS = "\u001d", SHOWN_GS = "\u241d";
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const noted = isShell ? read(notes) : null;
  const apart = isShell ? noted?.apart ?? null : root.dataset.now ? Date.parse(root.dataset.now) - Date.now() : null;
  let csrf = root.dataset.csrf, isSending = false, timer = 0;

  // What was not taken yet survives a reload and an empty battery. It is codes alone, and gone once it is sent.
  const keep = () => queue.length ? localStorage.setItem(place, JSON.stringify(queue)) : localStorage.removeItem(place);
  // What was sent and never answered is sent once more: the server knows it by its number, and whose it was.
  let queue = read(place) || [], nextN = isShell ? noted?.n || 0 : Number(root.dataset.next);
  if (queue.length) nextN = Math.max(nextN, queue[queue.length - 1].n + 1);
  // The number that comes next is kept, so that scanning goes on where this page cannot be asked for again.
  const note = () => {
    if (isShell) return;
    if (root.matches("[data-over], [data-closed]")) localStorage.removeItem(notes);
    else localStorage.setItem(notes, JSON.stringify({ n: nextN, apart }));
  };
  note();

  // Tones: high and short for right, low and long for wrong; whoever wears gloves or hears nothing feels it.
  const TONES = {
    ok: [[[880, 70]], [40]], kept: [[[520, 50]], [20]], done: [[[660, 90], [880, 90], [1180, 160]], [60, 40, 60, 40, 120]],
    notice: [[[740, 120], [740, 120]], [80, 60, 80]], wrong: [[[190, 260], [190, 320]], [250, 100, 350]],
  };
  let sound;
  const beep = (tone) => {
    const [notes, shakes] = TONES[tone] || TONES.ok;
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(shakes);
    const Sound = window.AudioContext || window.webkitAudioContext;
    if (!Sound) return;
    sound = sound || new Sound();
    if (sound.state === "suspended") sound.resume().catch(() => {});
    let at = sound.currentTime;
    for (const [hertz, lasts] of notes) {
      const wave = sound.createOscillator(), loud = sound.createGain();
      wave.type = tone === "wrong" ? "square" : "sine";
      wave.frequency.value = hertz;
      loud.gain.setValueAtTime(0.25, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + lasts / 1000);
      wave.connect(loud).connect(sound.destination);
      wave.start(at);
      wave.stop(at += lasts / 1000);
    }
  };
  const flash = (tone) => {
    root.dataset.tone = "";
    void root.offsetWidth; // so that the same tone twice is seen twice
    root.dataset.tone = tone;
  };

  const tell = (isAway, isOut = false) => {
    root.toggleAttribute("data-is-away", isAway);
    if (isAway && queue.length) root.querySelectorAll(".said.wrong").forEach((each) => each.remove()); // of a scan long gone
    away.hidden = !isAway || !queue.length;
    const waits = queue.length === 1 ? away.dataset.one : away.dataset.many.replace("#", String(queue.length));
    away.replaceChildren(waits);
    const list = $("[data-waiting]");
    if (list) list.hidden = away.hidden;
    list?.replaceChildren(...queue.slice(-SHOWN_MAX).map((scan) => {
      const item = document.createElement("li");
      item.textContent = [scan.code, scan.said || scan.command, scan.quantity].filter(Boolean).join(" ");
      return item;
    }));
    if (!isOut) return;
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(path)}`;
    link.textContent = away.dataset.out;
    away.append(". ", link);
  };

  const show = (page) => {
    const fresh = page.querySelector("[data-session]");
    if (!fresh || fresh.hasAttribute("data-closed")) return false;
    for (const part of root.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`#${part.id}`);
      if (now) part.replaceChildren(...[...now.childNodes].map((each) => document.adoptNode(each)));
    }
    root.toggleAttribute("data-over", fresh.hasAttribute("data-over"));
    csrf = fresh.dataset.csrf;
    const next = Number(fresh.dataset.next);
    nextN = queue.length ? Math.max(next, queue[queue.length - 1].n + 1) : next;
    for (const each of root.querySelectorAll("[name='scans/0/n']")) each.value = String(nextN);
    note();
    flash(fresh.dataset.tone);
    beep(fresh.dataset.tone || "ok");
    return true;
  };

  const later = () => {
    tell(true);
    clearTimeout(timer);
    timer = setTimeout(isShell ? probe : send, AGAIN_MS);
  };

  // The page itself sends what waits, as soon as it is there again.
  const probe = async () => {
    try {
      const answer = await fetch(path, { headers: { accept: "text/html" } });
      if (answer.status < 500) return path === "/floor/away" ? location.replace("/floor") : location.reload();
    } catch { /* still away */ }
    later();
  };

  const send = async () => {
    if (isShell) return later();
    if (isSending || !queue.length) return;
    isSending = true;
    const sent = queue.slice(0, AT_ONCE), body = new URLSearchParams({ csrf });
    sent.forEach((scan, i) => Object.entries(scan).forEach(([name, value]) => name !== "said" && body.set(`scans/${i}/${name}`, String(value))));
    try {
      const answer = await fetch(path, { method: "POST", body, headers: { accept: "text/html" } });
      if (answer.status === 403 || ["/sign-in", "/floor/who"].includes(new URL(answer.url).pathname)) return tell(true, true);
      if (answer.status === 429 || answer.status >= 500) return later();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      queue = queue.slice(sent.length);
      keep();
      if (!show(page)) return location.assign(path);
      tell(false);
    } catch { // no network, or it went away before the answer was here
      return later();
    } finally {
      isSending = false;
    }
    send();
  };

  const take = (told) => {
    const scan = { n: nextN, ...told };
    if (apart !== null) scan.occurred_at = new Date(Date.now() + apart).toISOString();
    nextN += 1;
    // What waits is read by people: a command by the word on its key, in their language.
    const key = told.command && root.querySelector(`button[name="scans/0/command"][value="${told.command}"]`);
    if (key) scan.said = key.textContent;
    queue.push(scan);
    keep();
    note();
    if (isSending || root.hasAttribute("data-is-away")) {
      beep("kept");
      if (root.hasAttribute("data-is-away")) tell(true);
    }
    send();
  };

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-scan]")) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter), told = {};
    for (const name of ["code", "command", "quantity", "reason"]) {
      const text = String(fields.get(`scans/0/${name}`) ?? "").trim();
      if (text) told[name] = name === "code" ? text.replaceAll(GS, SHOWN_GS) : text;
    }
    const grams = String(fields.get("scans/0/grams") ?? "").trim();
    if (grams) told.code = `=${grams}g`;
    if (form.contains(field)) field.value = "";
    else form.closest("details")?.removeAttribute("open");
    if (Object.keys(told).length) take(told);
    focus();
  });

  // Whatever is scanned lands in the field, wherever the last tap was. A phone's own keys come only when asked for.
  const isElsewhere = (at) => at && at !== field && at.matches("input, textarea, select");
  const focus = () => field && field.focus({ preventScroll: true });
  const keyboard = $("[data-keyboard]");
  if (keyboard && matchMedia("(pointer: coarse)").matches) {
    field.inputMode = "none";
    keyboard.hidden = false;
    keyboard.addEventListener("click", () => {
      const isOn = keyboard.getAttribute("aria-pressed") !== "true";
      keyboard.setAttribute("aria-pressed", String(isOn));
      field.inputMode = isOn ? "text" : "none";
      field.blur();
      focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!field || document.querySelector("dialog[open]")) return;
    if (event.target === field && event.ctrlKey && event.key === "]") { // how many scanners type the separator of GS1
      event.preventDefault();
      field.setRangeText(SHOWN_GS, field.selectionStart, field.selectionEnd, "end");
    }
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === field || isElsewhere(event.target) || event.key === "?") return;
    event.stopPropagation(); // a scan is no key of the console
    focus();
  }, true);

  root.addEventListener("floor:page", (event) => show(event.detail)); // what another script was answered
  const wake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {}); // a dark screen says nothing
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // back to it: as it is now
  window.addEventListener("online", isShell ? probe : send);
  document.addEventListener("visibilitychange", () => { wake(); if (!document.hidden) send(); });
  wake();
  // Without a service worker a page that is left in a dead spot does not come back before the network does.
  window.addEventListener("beforeunload", (event) => {
    if (queue.length && root.hasAttribute("data-is-away") && !navigator.serviceWorker?.controller) event.preventDefault();
  });
  if (isShell) {
    $("[data-known]").hidden = nextN < 1;
    $("[data-unknown]").hidden = nextN > 0; // nothing is known of this work here: it is begun with the network
    $("[data-scan]").hidden = nextN < 1;
    tell(true);
    later();
  }
  focus();
  if (queue.length) send();
})();
