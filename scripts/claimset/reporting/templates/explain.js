"use strict";
(() => {
  const panel = document.getElementById("panel");
  const units = [...document.querySelectorAll("a.u")];
  const all = document.getElementById("all");
  const wide = matchMedia("(min-width: 901px)");
  const marks = [...document.querySelectorAll("[data-o]")];
  let pinned = null;
  let shown = null;
  const show = (link) => {
    if (link === shown) return;
    shown = link;
    units.forEach((unit) => unit.classList.toggle("on", unit === link));
    const number = link.dataset.n;
    marks.forEach((mark) => mark.classList.toggle("lit", mark.dataset.o.split(" ").includes(number)));
    const card = document.getElementById("u" + number).cloneNode(true);
    card.removeAttribute("id");
    panel.replaceChildren(...card.childNodes);
    panel.className = card.className;
    panel.scrollTop = 0;
  };
  const pin = (link) => {
    pinned = link;
    units.forEach((unit) => unit.toggleAttribute("aria-current", unit === link));
    if (link) show(link);
    else if (!wide.matches) {
      panel.replaceChildren();
      shown = null;
    }
  };
  document.documentElement.classList.add("live");
  // The panel shows one unit at a time; the list of all stays for paper, and for who opens it.
  all.open = location.hash.startsWith("#u");
  addEventListener("beforeprint", () => { all.open = true; });
  units.forEach((link, index) => {
    link.addEventListener("mouseenter", () => { if (!pinned) show(link); });
    link.addEventListener("focus", () => { if (!pinned) show(link); });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      pin(pinned === link ? null : link);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = step && units[index + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
      pin(next);
    });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") pin(null); });
  panel.addEventListener("click", (event) => {
    const jump = event.target.closest("a[href^='#t']");
    if (!jump) return;
    event.preventDefault();
    const link = document.getElementById(jump.getAttribute("href").slice(1));
    link.focus();
    pin(link);
  });
  document.querySelectorAll("button[data-kind]").forEach((button) => {
    button.addEventListener("click", () => {
      const off = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!off));
      document.querySelectorAll("a.u.k-" + button.dataset.kind).forEach((unit) => {
        unit.classList.toggle("faded", off);
      });
    });
  });
  const named = units.find((unit) => location.hash === "#" + unit.id);
  if (named) pin(named);
  else if (units.length && wide.matches) show(units.find((unit) => unit.classList.contains("k-claim")) || units[0]);
})();
