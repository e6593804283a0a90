// Dark or light for this device, whatever its system asks for: infusions run in dark rooms.

const KEY = "sixfold.theme";
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");
const kept = localStorage.getItem(KEY);

if (kept === "dark" || kept === "light") {
  root.dataset.theme = kept;
}
for (const button of document.querySelectorAll("[data-theme-choice]")) {
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem(KEY, root.dataset.theme);
  });
}
