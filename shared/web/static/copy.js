// A button on each command that copies it.
import { make } from "./make.js";

const SHOWN = 1600;

export function offerCopies(within = document) {
  if (!navigator.clipboard) return;
  for (const command of within.querySelectorAll(".command")) {
    const button = make("button", { class: "copy", type: "button" }, "Copy");
    button.addEventListener("click", () => copy(command.querySelector("code"), button));
    command.append(button);
  }
}

async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it by hand";
  }
  setTimeout(() => (button.textContent = "Copy"), SHOWN);
}
