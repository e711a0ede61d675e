// Keyboard, theme and menus. No inline handlers anywhere: everything is bound here by data attributes.
(function () {
  var root = document.documentElement;

  document.querySelectorAll("[data-theme-toggle]").forEach(function (button) {
    button.addEventListener("click", function () {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.bsTheme); } catch (e) { /* ignored */ }
      document.dispatchEvent(new Event("theme"));
    });
  });

  // "/" is the search of the page itself where it has one, Ctrl K the one in the top bar.
  function focusOn(selectors) {
    var box = selectors.map(function (selector) { return document.querySelector(selector); })
      .find(function (found) { return found && found.offsetParent; });
    if (box) { box.focus(); box.select(); }
    return Boolean(box);
  }
  function search() { return focusOn(["[data-search]", "#search"]); }
  function searchEverywhere() { return focusOn(["#search", "[data-search]"]); }

  // Under the box in the top bar hangs what was found: arrows choose, Enter opens, Esc closes.
  var finder = document.querySelector("[data-find]");
  function hang(open) {
    var box = finder.querySelector("input");
    finder.querySelector("#found").hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) box.removeAttribute("aria-activedescendant");
  }
  function choose(step) {
    var hits = Array.prototype.slice.call(finder.querySelectorAll("[role=option]"));
    if (!hits.length || finder.querySelector("#found").hidden) return false;
    var at = hits.findIndex(function (hit) { return hit.getAttribute("aria-selected") === "true"; });
    if (hits[at]) hits[at].setAttribute("aria-selected", "false");
    at = (Math.max(at, step < 0 ? 0 : -1) + step + hits.length) % hits.length;
    hits[at].setAttribute("aria-selected", "true");
    hits[at].scrollIntoView({ block: "nearest" });
    finder.querySelector("input").setAttribute("aria-activedescendant", hits[at].id);
    return true;
  }
  if (finder) {
    finder.addEventListener("htmx:afterSwap", function (e) { hang(e.target.childElementCount > 0); });
    finder.addEventListener("focusout", function (e) { if (!finder.contains(e.relatedTarget)) hang(false); });
    finder.addEventListener("keydown", function (e) {
      var chosen = finder.querySelector("[aria-selected=true]");
      if (e.key === "Escape" && !finder.querySelector("#found").hidden) { hang(false); e.stopPropagation(); e.preventDefault(); }
      else if (e.key === "ArrowDown" && choose(1) || e.key === "ArrowUp" && choose(-1)) e.preventDefault();
      else if (e.key === "Enter" && chosen && !finder.querySelector("#found").hidden) { e.preventDefault(); chosen.click(); }
    });
  }

  // Rows are looked up at each key: htmx may have changed them.
  function move(step) {
    var list = document.querySelector("[data-keylist]");
    var rows = list ? Array.prototype.filter.call(list.children, function (row) { return row.querySelector("a, button"); }) : [];
    if (!rows.length) return false;
    var at = rows.findIndex(function (row) { return row.hasAttribute("aria-current"); });
    if (rows[at]) rows[at].removeAttribute("aria-current");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].setAttribute("aria-current", "true");
    rows[at].querySelector("a, button").focus();
    return true;
  }

  function close() {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    if (document.activeElement.matches("[data-search], #search")) document.activeElement.blur();
  }

  var waiting = 0;
  function go(key) {
    var link = Date.now() - waiting < 900 && document.querySelector('[data-go="' + CSS.escape(key) + '"]');
    if (link) location.href = link.href;
    return Boolean(link);
  }

  // Single letters can be switched off, for those who dictate or press keys by accident.
  function letters() {
    try { return localStorage.getItem("letters") !== "off"; } catch (e) { return true; }
  }
  function showKeys() {
    var dialog = document.getElementById("keys");
    if (!dialog) return false;
    dialog.querySelector("[data-letters]").checked = letters();
    if (!dialog.open) dialog.showModal();
    return true;
  }
  document.addEventListener("change", function (e) {
    if (!e.target.matches("[data-letters]")) return;
    try { localStorage.setItem("letters", e.target.checked ? "on" : "off"); } catch (error) { /* ignored */ }
  });

  // A key that a row or a page names itself: data-key="s" on a button or link of the row in focus.
  function press(key) {
    var row = document.activeElement.closest("[data-keylist] > *") || document.querySelector("[data-keylist] > [aria-current]");
    var button = row && row.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (button) button.click();
    return Boolean(button);
  }
  function explain() {
    var figure = document.activeElement.closest("a.fig");
    if (figure) figure.click();
    return Boolean(figure);
  }

  var acts = {
    "/": search,
    "?": showKeys,
    "e": explain,
    "j": function () { return move(1); }, "ArrowDown": function () { return move(1); },
    "k": function () { return move(-1); }, "ArrowUp": function () { return move(-1); }
  };

  document.addEventListener("keydown", function (e) {
    if (e.key === "Escape") { close(); return; }
    if ((e.ctrlKey || e.metaKey) && e.key === "k") { if (searchEverywhere()) e.preventDefault(); return; }
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (!letters() && /^[a-z]$/.test(e.key)) return;
    if (waiting && go(e.key)) { waiting = 0; return; }
    waiting = e.key === "g" ? Date.now() : 0;
    if (acts[e.key] ? acts[e.key]() : press(e.key)) e.preventDefault();
  });

  document.addEventListener("click", function (e) {
    if (e.target.closest("[data-keys]")) showKeys();
    if (e.target.closest("[data-dismiss]")) e.target.closest("form").remove();
    var toast = e.target.closest("[data-close], [data-toast] [hx-post]");
    if (toast) setTimeout(function () { toast.closest("[data-toast]").remove(); });
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(e.target)) menu.open = false;
    });
  });

  // A word goes by itself, but not while somebody reads it or is about to undo.
  function fade(toast) {
    setTimeout(function () { if (toast.matches(":hover, :focus-within")) fade(toast); else toast.remove(); }, 10000);
  }
  function fadeAll() {
    document.querySelectorAll("[data-toast]:not([data-fades])").forEach(function (toast) { toast.dataset.fades = ""; fade(toast); });
  }
  fadeAll();
  document.addEventListener("htmx:oobAfterSwap", fadeAll);

  // 422 brings the form back with what is wrong in it, 409 the page of a conflict.
  document.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.xhr.status === 422 || e.detail.xhr.status === 409) { e.detail.shouldSwap = true; e.detail.isError = false; }
  });

  // A session that ended answers with the sign-in page: show it as a page, never inside a panel.
  document.addEventListener("htmx:beforeSwap", function (e) {
    if (new URL(e.detail.xhr.responseURL, location.href).pathname.indexOf("/sign-in/") === 0) {
      e.detail.shouldSwap = false;
      location.reload();
    }
  });

  // A panel that failed says so in its own place; the rest of the page works on.
  function failed(e) {
    var note = e.detail.target && e.detail.target.querySelector("[data-failed]");
    if (!note) return;
    e.detail.target.querySelectorAll("[aria-busy]").forEach(function (box) { box.hidden = true; });
    note.hidden = false;
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
