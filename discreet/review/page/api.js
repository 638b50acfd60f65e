// Requests to the server of this page. Addresses are relative to the page, whose own holds the secret.

/** What went wrong, in words for people. */
export class Refused extends Error {}

async function answer(response) {
  if (response.ok) return response;
  const facts = await response.json().catch(() => ({ error: `${response.status}` }));
  throw new Refused([facts.error, facts.remedy].filter(Boolean).join(". "));
}

export async function getJson(path) {
  return (await answer(await fetch(path))).json();
}

export async function getBytes(path) {
  return new Uint8Array(await (await answer(await fetch(path))).arrayBuffer());
}

export async function post(path, value = {}) {
  const headers = { "content-type": "application/json" };
  return (await answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(value) }))).json();
}

/** A blob of what lies behind a redaction: asked for by POST, for every look at it is logged. */
export async function postForBlob(path, value) {
  const headers = { "content-type": "application/json" };
  return (await answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(value) }))).blob();
}

const TELL = 60_000; // ms between two messages that somebody is there
let told = -TELL;

/** Tell the server, at most once a minute, that somebody watches or works. */
export function used() {
  if (performance.now() - told < TELL) return;
  told = performance.now();
  fetch("used", { method: "POST" }).catch(() => {});
}

/** Keeps one connection open while the page is shown; the server ends when it is gone. */
export function listen(handlers) {
  const source = new EventSource("events");
  for (const [kind, handle] of Object.entries(handlers)) {
    if (kind !== "lost") source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  let lost = null;
  source.onerror = () => { lost ??= setTimeout(() => { source.close(); handlers.lost(); }, 8000); };
  source.onopen = () => { clearTimeout(lost); lost = null; };
}
