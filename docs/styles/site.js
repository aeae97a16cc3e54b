// What the button has copied was selected elsewhere: without this, who goes on with the keyboard begins at the page's top.
"use strict";

document.addEventListener("click", ({ target }) => target.closest("button.copybtn")?.focus());
