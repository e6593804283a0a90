// The minute of a running infusion, by the server's clock: the page says what time it was
// there when it was made. Parts that are fetched anew bring their own.

let offset = 0;
let anchored = null;

function anchor(part) {
  if (part && part !== anchored) {
    anchored = part;
    offset = Date.parse(part.dataset.now) - Date.now();
  }
}

function tick() {
  anchor(document.querySelector("[data-now]"));
  for (const clock of document.querySelectorAll("[data-minutes-since]")) {
    const since = Date.parse(clock.dataset.minutesSince);
    clock.textContent = Math.max(0, Math.floor((Date.now() + offset - since) / 60_000));
  }
}

tick();
setInterval(tick, 1_000);
