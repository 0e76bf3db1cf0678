// On a narrow screen the two sides are tabs; on a wide one both show.
const narrow = matchMedia("(max-width: 1100px)");
const tabs = [...document.querySelectorAll('[role="tab"]')];

function show(tab) {
  for (const t of tabs) {
    const chosen = t === tab;
    t.setAttribute("aria-selected", String(chosen));
    t.tabIndex = chosen ? 0 : -1;
    document.getElementById(t.getAttribute("aria-controls")).hidden = narrow.matches && !chosen;
  }
}

for (const [i, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    const next = tabs[(i + 1) % tabs.length];
    show(next);
    next.focus();
  });
}
narrow.addEventListener("change", () => show(tabs.find((t) => t.getAttribute("aria-selected") === "true")));
show(tabs[0]);
