/* Posts a result that is not ours to post, from an origin that is not Meta's. Only a careless page believes it. */
(function () {
  "use strict";
  const { origin, message } = document.body.dataset;
  if (window.top.opener && origin) window.top.opener.postMessage(message, origin);
})();
