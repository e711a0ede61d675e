// Sets the colour theme before first paint; an external file because inline scripts are not allowed.
(function () {
  var kept = null;
  try { kept = localStorage.getItem("theme"); } catch (e) { /* storage may be blocked */ }
  var system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.bsTheme = kept || system;
})();
