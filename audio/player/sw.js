// Keeps the page and its recording on the listener's device.
//
// The page itself: from the network, so that a medical text never goes stale; after two seconds without an answer, from
// here. Everything else bears its content's hash in its address: from here first. Ranges are cut here, which Safari
// needs. The cache is named by the hash of all that is in it; the one before stays for pages that are still open.
"use strict";

const NAME = "$cache";
const FAMILY = "edition " + self.registration.scope + " ";
const FILES = $files;
const LIMIT = 2000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(FAMILY + NAME)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => {
        const old = names.filter((name) => name.startsWith(FAMILY) && name !== FAMILY + NAME);
        return Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
      })
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : kept(request));
});

async function page(request) {
  const ours = new URL(request.url).pathname;
  const here = ["./", "index.html"].some((name) => new URL(name, self.registration.scope).pathname === ours);
  if (!here) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(LIMIT) });
    if (answer.ok) return answer;
  } catch {
    // No network, or too slow a one.
  }
  const cache = await caches.open(FAMILY + NAME);
  return (await cache.match("index.html")) || fetch(request);
}

async function kept(request) {
  const found = (await (await caches.open(FAMILY + NAME)).match(request.url)) || (await older(request.url));
  if (!found) return fetch(request);
  const range = /^bytes=(\d*)-(\d*)$$/.exec(request.headers.get("range") || "");
  return range && (range[1] || range[2]) ? part(found, range) : found;
}

async function older(url) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(FAMILY) && (await (await caches.open(name)).match(url));
    if (found) return found;
  }
  return undefined;
}

async function part(whole, range) {
  const body = await whole.blob();
  const start = range[1] ? Number(range[1]) : Math.max(0, body.size - Number(range[2]));
  const end = Math.min(range[1] && range[2] ? Number(range[2]) : Infinity, body.size - 1);
  if (start > end) {
    return new Response(null, { status: 416, headers: { "Content-Range": "bytes */" + body.size } });
  }
  return new Response(body.slice(start, end + 1), {
    status: 206,
    headers: {
      "Content-Type": whole.headers.get("Content-Type") || "audio/mpeg",
      "Content-Length": String(end - start + 1),
      "Content-Range": "bytes " + start + "-" + end + "/" + body.size,
      "Accept-Ranges": "bytes",
    },
  });
}
