// The panel at the side: an item's journey, or what is at a stage; whoever is not signed in is told how to.
import { journey, listing } from "./journey.js";
import { byId, make, words } from "./make.js";
import { ask, onSession, session } from "./session.js";
import { goToSignIn } from "./sign_in.js";

const HASH = /^#item=([\w.:-]{1,128})$/;

let shown = null;
let before = null;
let opener = "";

export function followLinks() {
  document.addEventListener("click", onClick);
  byId("close").addEventListener("click", () => byId("panel").close());
  byId("back").addEventListener("click", () => open(before));
  byId("panel").addEventListener("click", (event) => event.target === byId("panel") && byId("panel").close());
  byId("panel").addEventListener("close", onClose);
  addEventListener("hashchange", fromAddress);
  onSession((now) => now && shown && !byId("panel").open && open(shown));
  fromAddress();
}

function onClick(event) {
  const link = event.target.closest("a[data-item], a[data-stage]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const { item, stage } = link.dataset;
  before = byId("panel").contains(link) ? shown : null;
  if (!before) opener = link.id;
  open(item ? { item } : { stage });
}

function fromAddress() {
  const item = HASH.exec(location.hash)?.[1];
  if (item && shown?.item !== item) open({ item });
}

function onClose() {
  if (HASH.test(location.hash)) history.replaceState(null, "", location.pathname);
  byId(opener)?.focus({ preventScroll: true });
  if (session()) shown = null;
}

async function open(wanted) {
  shown = wanted;
  byId("back").hidden = !before || before === wanted;
  fill("One moment…");
  byId("panel-body").setAttribute("aria-busy", "true");
  if (!byId("panel").open) byId("panel").showModal();
  try {
    await (session() ? load(wanted) : invite());
  } catch (refused) {
    if (wanted !== shown) return;
    refused.status === 401 ? invite(refused.message) : fill("That did not work", make("p", {}, refused.message));
  } finally {
    byId("panel-body").removeAttribute("aria-busy");
    byId("panel-title").focus();
  }
}

async function load(wanted) {
  if (wanted.item) {
    const found = await ask(`/discover/items/${encodeURIComponent(wanted.item)}/journey`);
    if (wanted !== shown) return;
    history.replaceState(null, "", `#item=${wanted.item}`);
    fill(found.item.title, ...journey(found));
  } else {
    const found = await ask(`/discover/items?stage=${encodeURIComponent(wanted.stage)}&limit=100`);
    if (wanted === shown) fill(`Items that are ${words(wanted.stage)}`, ...listing(found));
  }
}

function invite() {
  const go = make("button", { type: "button" }, "Choose who to be");
  go.addEventListener("click", () => {
    opener = "";
    byId("panel").close();
    goToSignIn();
  });
  const why = "Everybody may see that things move. Who wrote what, and what came of it, is for the people of this house.";
  const then = "The journey opens as soon as you are signed in.";
  fill("Sign in to follow items", make("p", {}, why), make("p", {}, go), make("p", { class: "quiet" }, then));
}

function fill(title, ...parts) {
  byId("panel-title").textContent = title;
  byId("panel-body").replaceChildren(...parts);
}
