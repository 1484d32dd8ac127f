// The service worker of the notebook: it keeps the page, style sheet and scripts of one version
// and gives them without a network. Everything else goes to the server and is never kept here.
// `KEPT` stands above: the server writes it.

const FAMILY = `stannary-notebook ${KEPT.shell} `;
const CACHE = FAMILY + KEPT.version;
const BOOK = new RegExp(`^${KEPT.shell}(\\d+/)?$`);
const ASSETS = new Set(KEPT.assets);

async function fill() {
  const cache = await caches.open(CACHE);
  const fresh = [KEPT.shell, ...KEPT.assets];
  // without cookies: what is kept is the same for everybody
  await cache.addAll(fresh.map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
}

async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && BOOK.test(pathname)) event.respondWith(kept(KEPT.shell, request));
  else if (ASSETS.has(pathname)) event.respondWith(kept(pathname, request));
});
