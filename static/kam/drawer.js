// A link with data-drawer opens its page at the side; without this file it is a link like any other.
(function () {
  var drawer = document.getElementById("drawer");
  if (!drawer) return;
  var body = drawer.querySelector("[data-drawer-body]");

  document.addEventListener("click", function (e) {
    var link = e.target.closest("a[data-drawer]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    drawer.querySelector("[data-drawer-page]").href = link.href;
    body.replaceChildren(drawer.querySelector("[data-drawer-wait]").content.cloneNode(true));
    if (!drawer.open) drawer.showModal();
    htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" });
  });

  // A whole page brings its main part alone.
  body.addEventListener("htmx:beforeSwap", function (e) {
    if (/<main[\s>]/.test(e.detail.serverResponse)) e.detail.selectOverride = "#main > *";
  });

  drawer.addEventListener("click", function (e) {
    // The dialog itself is hit only beside its content.
    if (e.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", function () { body.replaceChildren(); });
})();
