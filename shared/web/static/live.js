// Keeps the page up to date while it is looked at: the server says that something moved, and draws what is new.
import { offerCopies } from "./copy.js";
import { byId, make } from "./make.js";
import { send, session } from "./session.js";
import { showTimes } from "./times.js";

const STREAM = "/discover/circulation/live";
const AT_MOST_EVERY = 900;
const SHARE = 6; // Drawing takes at most this part of the time, however busy the house is.
const SAID_AT_MOST_EVERY = 5000;
const DRAWN_WITHIN = 1200;
const AGAIN = 3000;

const drawnBefore = new Map();
let stream = null;
let paused = false;
let due = null;
let lastDrawn = 0;
let took = 0;
let unsaid = 0;
let saying = null;

export function watch(onStep) {
  const change = () => (document.hidden || paused ? stop() : start(onStep));
  document.addEventListener("visibilitychange", change);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", change);
  addEventListener("knowhow-drawn", () => offerPause(change));
  addEventListener("knowhow-session", () => offerPause(change));
  addEventListener("knowhow-session", soon);
  change();
  if (session()) soon();
  offerPause(change);
}

function start(onStep) {
  if (stream) return;
  stream = new EventSource(STREAM);
  stream.addEventListener("open", () => state("live"));
  stream.addEventListener("open", soon);
  stream.addEventListener("error", () => reconnect(onStep));
  stream.addEventListener("step", (event) => {
    const step = JSON.parse(event.data);
    onStep(step);
    say();
    soon();
  });
}

function stop() {
  stream?.close();
  stream = null;
  state(paused ? "paused" : "away");
}

// The browser asks again by itself, but gives up for good where a server answers with an error.
function reconnect(onStep) {
  state("away");
  if (stream?.readyState !== EventSource.CLOSED) return;
  stream = null;
  setTimeout(() => document.hidden || paused || start(onStep), AGAIN);
}

function soon() {
  if (due) return;
  const wait = Math.max(60, lastDrawn + Math.max(AT_MOST_EVERY, took * SHARE) - Date.now());
  due = setTimeout(draw, wait);
}

// The stream tells everybody the same; the page is drawn for whoever is signed in, with names and what they said.
async function draw() {
  const began = Date.now();
  const token = session()?.token;
  const isTheirs = () => token === session()?.token;
  try {
    const answer = await send("/", { headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (answer.ok && isTheirs()) exchange(new DOMParser().parseFromString(text, "text/html"));
  } catch {
    // The stream's own error tells that the house is away, and drawing goes on when it is back.
  } finally {
    lastDrawn = Date.now();
    took = lastDrawn - began;
    due = null;
    if (!isTheirs()) soon();
  }
}

function exchange(drawn) {
  const focused = document.activeElement?.id;
  const scrolled = document.querySelector(".moves")?.scrollTop ?? 0;
  const known = new Set([...document.querySelectorAll(".move")].map((row) => row.id));
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = drawn.getElementById(part.id);
    if (next && next.outerHTML !== drawnBefore.get(part.id)) replace(part, next);
  }
  for (const row of document.querySelectorAll(".move")) row.classList.toggle("fresh", known.size > 0 && !known.has(row.id));
  const moves = document.querySelector(".moves");
  if (moves) moves.scrollTop = scrolled;
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
  dispatchEvent(new Event("knowhow-drawn"));
}

function replace(part, next) {
  drawnBefore.set(part.id, next.outerHTML);
  const taken = document.adoptNode(next);
  showTimes(taken);
  offerCopies(taken);
  part.replaceWith(taken);
}

// Readers of a screen hear a summary now and then rather than every single step, once the page shows it.
function say() {
  unsaid += 1;
  saying ??= setTimeout(() => {
    byId("announce").textContent = unsaid > 1 ? `${unsaid} things moved. The last: ${latest()}` : latest();
    unsaid = 0;
    saying = null;
  }, unsaid > 1 ? SAID_AT_MOST_EVERY : DRAWN_WITHIN);
}

function latest() {
  const parts = document.querySelector(".move")?.querySelectorAll("a, .what") ?? [];
  return [...parts].map((part) => part.textContent).join(": ");
}

const SAYS = { live: "Live", away: "Connecting…", paused: "Paused" };
let now = "away";

function state(next) {
  now = next;
  const text = byId("pulse-says");
  if (!text) return;
  text.textContent = SAYS[now];
  byId("beat").classList.toggle("live", now === "live");
}

function offerPause(change) {
  const place = byId("pulse");
  if (!place || place.childElementCount) return;
  const button = make("button", { id: "pause", class: "plain", type: "button" }, paused ? "Go on" : "Pause");
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "Go on" : "Pause";
    change();
  });
  place.append(make("span", { id: "beat", class: "beat", "aria-hidden": "true" }), make("span", { id: "pulse-says" }), button);
  state(now);
}
