// Passkeys are offered where the browser knows them; where none came, the page says why.
(function () {
  if (window.webauthnJSON && window.webauthnJSON.supported()) {
    document.querySelectorAll("[data-passkey]").forEach(function (part) { part.hidden = false; });
  }
  var reasons = { InvalidStateError: "known", SecurityError: "refused" };
  document.addEventListener("allauth.error", function (e) {
    var place = document.querySelector("[data-passkey-error]");
    if (!place) return;
    e.preventDefault();
    place.textContent = place.dataset[reasons[e.detail.exception.name] || "failed"];
    place.hidden = false;
  });
})();
