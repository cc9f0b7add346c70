// The floor's service worker: in a dead spot of the network its pages open as a shell in which scanning goes on.
// It keeps files by the hash in their names, and one page without anything personal. Whatever is about people or
// their work comes from the server or not at all. VERSION, FILES and SHELL stand in front of this text.
(() => {
  "use strict";
  const CACHE = `orderwright-floor-${VERSION}`, PATIENCE_MS = 6000;

  self.addEventListener("install", (event) => event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await cache.add(new Request(SHELL, { cache: "reload" }));
    await self.skipWaiting();
  })()));

  self.addEventListener("activate", (event) => event.waitUntil((async () => {
    const old = (await caches.keys()).filter((each) => each.startsWith("orderwright-floor-") && each !== CACHE);
    await Promise.all(old.map((each) => caches.delete(each)));
    await self.clients.claim();
  })()));

  const shell = async () => (await caches.open(CACHE)).match(SHELL);
  const kept = async (request) => (await (await caches.open(CACHE)).match(request)) || fetch(request);
  // A network that neither answers nor fails is none: after a while the shell comes, which asks again by itself.
  const page = async (request) => {
    const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
    try {
      const answer = await Promise.race([fetch(request), late]);
      return answer || (await shell()) || fetch(request);
    } catch (error) {
      const found = await shell();
      if (!found) throw error;
      return found;
    }
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event, { pathname } = new URL(request.url);
    if (request.method !== "GET") return;
    if (FILES.includes(pathname)) event.respondWith(kept(request));
    else if (request.mode === "navigate" && /^\/floor(\/|$)/.test(pathname)) event.respondWith(page(request));
  });
})();
