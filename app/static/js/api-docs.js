// Starts Swagger UI on the page of the API's documentation.
"use strict";

// Swagger UI has a dark look, and leaves it to the page when it is worn.
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", dress);
dress();

const place = document.getElementById("docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  // Keys typed into "Authorize" stay in this page's memory and go nowhere else.
  persistAuthorization: false,
  validatorUrl: null,
});
