// Signing in: as one of the people of a local house, or with a token from the organisation's own issuer.
import { byId, make } from "./make.js";
import { ask, begin, end, onSession, session } from "./session.js";

let people = [];

export async function offerSignIn() {
  byId("choose").addEventListener("submit", onSubmit(choose));
  byId("paste").addEventListener("submit", onSubmit(bring));
  byId("sign-out").addEventListener("click", end);
  onSession(show);
  addEventListener("knowhow-drawn", () => fillIn(session()));
  people = await ask("/identity/people").then((found) => found.items, () => []);
  byId("person").replaceChildren(...departments().map(group));
  if (people.length) byId("person").value = people[0].id;
  byId("sign-in").hidden = false;
  show(session());
}

export function goToSignIn() {
  const first = people.length ? byId("person") : byId("bring");
  first.scrollIntoView({ block: "center" });
  first.focus();
}

function departments() {
  return [...new Set(people.map((person) => person.department))].sort();
}

function group(department) {
  const those = people.filter((person) => person.department === department);
  return make("optgroup", { label: department }, ...those.map(option));
}

function option(person) {
  const also = person.roles.filter((role) => role !== "member");
  const label = also.length ? `${person.name} (${also.join(", ")})` : person.name;
  return make("option", { value: person.id }, label);
}

function onSubmit(work) {
  return async (event) => {
    event.preventDefault();
    byId("sign-in-says").textContent = "";
    try {
      await work();
    } catch (refused) {
      byId("sign-in-says").textContent = refused.message;
    }
  };
}

async function choose() {
  const id = byId("person").value;
  const wish = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ person: id }) };
  const { access_token: token } = await ask("/identity/tokens", wish);
  begin(token, people.find((person) => person.id === id));
}

async function bring() {
  const token = byId("token").value.trim();
  await ask("/discover/items?limit=1", { headers: { Authorization: `Bearer ${token}` } });
  begin(token, named(token));
  byId("token").value = "";
  byId("elsewhere").open = false;
}

// The services check the token; here it is only read for the name to show.
function named(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return { id: claims.sub, name: claims.name ?? claims.sub, department: claims.department ?? "" };
  } catch {
    return { id: "", name: "Signed in", department: "" };
  }
}

function show(now) {
  const person = now?.person;
  const hadFocus = byId("sign-in").contains(document.activeElement);
  byId("choose").hidden = Boolean(person) || !people.length;
  byId("elsewhere").hidden = Boolean(person) || people.length > 0;
  byId("signed-in").hidden = !person;
  byId("me").textContent = person ? [person.name, person.department].filter(Boolean).join(", ") : "";
  if (hadFocus) (person ? byId("sign-out") : people.length ? byId("person") : byId("bring")).focus();
  fillIn(now);
}

// Commands on the page name the person who would use them.
function fillIn(now) {
  const person = now?.person ?? people[0];
  if (!person) return;
  document.querySelectorAll("[data-person]").forEach((place) => (place.textContent = person.id || "your-id"));
  document.querySelectorAll("[data-department]").forEach((place) => (place.textContent = person.department || "finance"));
}
