// What our pages do by themselves. Each of them works without it, by its button.
"use strict";

const WAIT = 1500; // milliseconds in which one sees what is about to happen

// After something was done the reader begins at the line that says so.
document.querySelector("[data-told]")?.focus();

// Where the page allows it, the click in the mail is the only one. A page that nobody sees never acts.
function actByItself(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const isSeen = () => document.visibilityState === "visible";
  let timer = 0;
  let over = false;

  function begin() {
    if (over || timer || !isSeen()) return;
    show(true);
    part("pending-words").textContent = form.dataset.before;
    part("cancel").focus({ preventScroll: true });
    timer = setTimeout(act, WAIT);
  }
  function halt() {
    clearTimeout(timer);
    timer = 0;
    show(false);
  }
  function show(pending) {
    part("pending").hidden = !pending;
    part("press").hidden = pending;
  }
  function act() {
    if (over || !isSeen()) return halt();
    over = true;
    form.elements.via.value = "auto";
    form.submit();
  }
  function cancel() {
    if (over) return;
    over = true;
    halt();
    part("stopped").textContent = form.dataset.after;
    part("stopped").hidden = false;
    part("stopped").focus();
  }

  part("cancel").addEventListener("click", cancel);
  form.addEventListener("submit", () => (over = true));
  document.addEventListener("keydown", (event) => event.key === "Escape" && cancel());
  document.addEventListener("visibilitychange", () => (isSeen() ? begin() : halt()));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    over = true; // a page that comes back from the browser's memory has had its turn
    form.elements.via.value = "button";
    halt();
  });
  begin();
}
const form = document.querySelector("form[data-auto]");
if (form) actByItself(form);
