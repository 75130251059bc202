// What makes the portals more comfortable; every page works without it.
"use strict";
(() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);

  // The first thing to read after a refusal is what was wrong.
  one(".errors")?.focus();

  // Only the towns of the chosen district.
  const area = one("#area"), town = one("#town");
  if (area && town) {
    const groups = [...town.querySelectorAll("optgroup")];
    const narrow = () => {
      const chosen = area.value;
      const own = groups.filter((group) => group.dataset.group === chosen);
      const kept = town.value;
      groups.forEach((group) => group.remove());
      (own.length ? own : chosen ? [] : groups).forEach((group) => town.append(group));
      town.value = [...town.options].some((option) => option.value === kept) ? kept : "";
      town.closest(".row").hidden = Boolean(chosen) && own.length === 0;
    };
    area.addEventListener("change", narrow);
    narrow();
  }

  // The place where somebody stands, if they wish.
  const locate = one("[data-locate]");
  if (locate && navigator.geolocation && window.isSecureContext) {
    const box = locate.closest(".locate"), told = box.querySelector("[role=status]");
    box.hidden = false;
    locate.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          one("[name=lat]").value = coords.latitude.toFixed(5);
          one("[name=lon]").value = coords.longitude.toFixed(5);
          told.textContent = locate.dataset.done;
        },
        () => { told.textContent = locate.dataset.failed; },
        { timeout: 10000 },
      );
    });
  }

  // How much room is left.
  for (const text of all("textarea[data-count]")) {
    const count = document.createElement("p");
    count.className = "hint count";
    const show = () => { count.textContent = `${[...text.value].length} / ${text.dataset.count}`; };
    text.addEventListener("input", show);
    text.after(count);
    show();
  }

  // A second press sends nothing new anyway; this only shows that the first one was heard.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      event.submitter?.classList.add("busy");
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) { delete form.dataset.sent; }
    all(".busy").forEach((button) => button.classList.remove("busy"));
  });

  // A scanned receipt brings its code behind the #, which no server sees.
  const code = one("#code");
  if (code && /^#[0-9A-Za-z]{8}$/.test(location.hash)) {
    code.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
  }

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Reading aloud, in the large version.
  const read = one(".read");
  if (read && "speechSynthesis" in window) {
    const start = read.textContent;
    const idle = () => { read.textContent = start; };
    read.hidden = false;
    read.addEventListener("click", () => {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); idle(); return; }
      const words = new SpeechSynthesisUtterance(one("main").innerText);
      words.lang = document.documentElement.lang;
      words.rate = 0.9;
      words.onend = idle;
      read.textContent = read.dataset.stop;
      speechSynthesis.speak(words);
    });
    window.addEventListener("pagehide", () => speechSynthesis.cancel());
  }
})();
