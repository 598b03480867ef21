// An item's journey and lists of items as elements.
import { make, words } from "./make.js";
import { time } from "./times.js";

const QUARTERS = {
  discover: ["captured"],
  share: ["shared"],
  codify: ["nominated", "changes_requested", "rejected", "approved", "merged", "published"],
  spread: ["delivered", "adopted"],
};

export function journey({ item, now, steps }) {
  return [about(item), where(now), make("h3", {}, "What happened"), told(steps), said(item)];
}

export function listing({ items, next }) {
  const list = make("ul", { class: "listed" }, ...items.map(listed));
  const more = next ? make("p", { class: "quiet" }, "These are the newest hundred; `knowhow items` goes on.") : null;
  return [list, more].filter(Boolean);
}

function about(item) {
  const topics = item.topics.length ? `, on ${item.topics.join(", ")}` : "";
  const kind = words(item.kind);
  const follows = item.follows ? [". It follows ", make("a", { href: "#follow", "data-item": item.follows }, "another item")] : [];
  return make("p", { class: "quiet" }, `A ${kind} by ${item.author.name}${topics}`, ...follows, ".");
}

function where({ stage, waiting_for: waitingFor, since }) {
  const quarter = Object.keys(QUARTERS).find((name) => QUARTERS[name].includes(stage)) ?? "";
  const line = make("p", {}, "Now ", make("strong", {}, words(stage)), ", since ", time(since), ".");
  return make("div", { class: `now ${quarter}` }, line, make("p", {}, `It waits for ${waitingFor}.`));
}

function told(steps) {
  return make("ol", { class: "steps" }, ...steps.map(step));
}

function step({ at, service, what, who }) {
  const head = make("p", { class: "quiet" }, make("span", { class: "where" }, service), " · ", time(at), who ? ` · ${who}` : "");
  return make("li", { class: service }, head, make("p", {}, what));
}

function said(item) {
  const parts = [make("summary", {}, "What it says"), make("pre", { class: "whole", tabindex: "0" }, item.body)];
  return make("details", { open: "" }, ...parts);
}

function listed(item) {
  const link = make("a", { href: "#follow", "data-item": item.id, id: `listed-${item.id}` }, item.title);
  return make("li", {}, link, make("p", { class: "quiet" }, `${words(item.kind)} by ${item.author.name}, since `, time(item.since)));
}
