// The ways into Meta's window. One is an object of three:
//   load(facts, onFailed)            make it ready with the page, so that nothing need be waited for in the click
//   state()                          "ready", "loading" or "failed"; the notes sdk-loading and sdk-failed say the latter two
//   start(plan, facts, onAnswer)     open it, in the click itself: the window, null when the browser stopped it, undefined
//                                    where nobody can see it. onAnswer is told what FB.login tells, or never.
// The page names its way in `facts.way`. To add one: a file like meta.js, and a line here.

import { page } from "./page.js";
import { popup } from "./meta.js";

const WAYS = { popup };

export const way = () => WAYS[page().facts.way];
