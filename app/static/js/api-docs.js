// Starts Swagger UI on the page of the API's documentation.
"use strict";

const place = document.getElementById("docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  // Keys typed into "Authorize" stay in this page's memory and go nowhere else.
  persistAuthorization: false,
  validatorUrl: null,
});
