// The page of who watched: nothing but the head is to be kept.

import { keep } from "../head.js";

keep();
document.documentElement.dataset.ready = "";
