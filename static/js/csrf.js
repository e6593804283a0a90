// Django's CSRF token for htmx: the one this page was rendered with, so that a page left
// open by one person cannot be sent under the sign-in of the next.

const meta = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method.toUpperCase() !== "GET") {
    request.headers["X-CSRFToken"] = meta.content;
  }
});
