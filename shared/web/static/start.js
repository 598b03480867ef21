// The start page: each part is a module of its own, and works without the others.
import { offerCopies } from "./copy.js";
import { watch } from "./live.js";
import { stir } from "./loop.js";
import { followLinks } from "./panel.js";
import { offerSignIn } from "./sign_in.js";
import { keepTimes } from "./times.js";

offerCopies();
keepTimes();
followLinks();
watch(stir);
await offerSignIn();
