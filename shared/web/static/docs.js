// Swagger UI for one service; operations are tried as whoever signed in on the start page.
import { byId } from "./make.js";
import { session } from "./session.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

const now = session();
if (now) byId("acting").textContent = `Operations are tried as ${now.person.name}.`;

globalThis.SwaggerUIBundle({
  url: byId("docs").dataset.openapi,
  dom_id: "#docs",
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  requestInterceptor(request) {
    if (now && new URL(request.url, location.href).origin === location.origin) {
      request.headers.Authorization ??= `Bearer ${now.token}`;
    }
    return request;
  },
});
