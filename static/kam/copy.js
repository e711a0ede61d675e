// Copies the field that a button names, and says so; where the browser forbids it, the field is
// selected for the keyboard.
document.querySelectorAll("[data-copy]").forEach(function (button) {
  var field = document.getElementById(button.dataset.copy);
  function told() {
    button.querySelector("span").textContent = button.dataset.done;
    document.querySelector("[data-copied]").textContent = button.dataset.done;
  }
  button.addEventListener("click", function () {
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(told, function () { field.focus(); });
    else field.focus();
  });
});
