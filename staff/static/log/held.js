// The page of what is held.

import { keepAlone } from "../calls.js";
import { keep } from "../head.js";
import { show } from "../messages.js";
import * as holds from "./holds.js";

holds.listen((text) => show(text, "done"));
keep();
keepAlone();
document.documentElement.dataset.ready = "";
