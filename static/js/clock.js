// The minute of a running infusion, counted here so that the sheet needs no loading.

const clock = document.querySelector("[data-minutes-since]");

function tick() {
  const since = Date.parse(clock.dataset.minutesSince);
  clock.textContent = Math.max(0, Math.floor((Date.now() - since) / 60_000));
}

if (clock) {
  tick();
  setInterval(tick, 5_000);
}
