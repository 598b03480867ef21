// What moves on the ring: the quarter where something happened lights up, and a spark runs along it.
const START = { discover: 180, share: 270, codify: 0, spread: 90 };
const MIDDLE = 231;
const LASTS = 1400;
const AT_ONCE = 6;
const SVG = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)");

export function stir({ service }) {
  light(service);
  const sky = document.querySelector(".sky");
  if (sky && service in START && !still.matches && sky.childElementCount < AT_ONCE) spark(sky, service);
}

function light(service) {
  const quarter = document.querySelector(`.quarter[data-service="${CSS.escape(service)}"]`);
  quarter?.classList.add("stirred");
  setTimeout(() => quarter?.classList.remove("stirred"), LASTS / 2);
}

function spark(sky, service) {
  const made = document.createElementNS(SVG, "circle");
  const at = { cx: MIDDLE, cy: 0, r: 9, class: `comet ${service}` };
  for (const [name, value] of Object.entries(at)) made.setAttribute(name, value);
  sky.append(made);
  const [from, to] = [START[service] - 20, START[service] + 84];
  const turns = [
    { transform: `rotate(${from}deg)`, opacity: 0 },
    { opacity: 1, offset: 0.2 },
    { opacity: 1, offset: 0.8 },
    { transform: `rotate(${to}deg)`, opacity: 0 },
  ];
  made.animate(turns, { duration: LASTS, easing: "ease-in-out" }).finished.finally(() => made.remove());
}
