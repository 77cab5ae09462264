// The page of who watched: nothing but the head is to be kept.

import { keepAlone } from "../calls.js";
import { keep } from "../head.js";

keep();
keepAlone();
document.documentElement.dataset.ready = "";
