// The pages of the API. A write by the session carries the page's CSRF token; one by a token
// that was put in under Authorize needs none.
const place = document.getElementById("docs");
SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  filter: true,
  docExpansion: "list",
  validatorUrl: null,
  requestInterceptor(request) {
    if (!request.headers.Authorization) request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
