// Sends files one after another, each with its bar, and says what became of each. Files
// may be dropped anywhere on the form. Without this script the form sends them all.

const form = document.querySelector("[data-upload]");

function line(list, name) {
  const entry = list.appendChild(document.createElement("li"));
  const words = entry.appendChild(document.createElement("span"));
  const bar = entry.appendChild(document.createElement("progress"));
  words.textContent = `${name}: ${form.dataset.sending} …`;
  words.id = `sent-${list.children.length}`;
  bar.setAttribute("aria-labelledby", words.id);
  bar.max = 1;
  bar.value = 0;
  return { entry, words, bar };
}

function send(file, shown) {
  const body = new FormData(form);
  body.set("files", file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      shown.bar.value = event.total ? event.loaded / event.total : 0;
    });
    const ended = () => {
      const answer = request.status === 200 ? request.response?.files[0] : null;
      const [state, words] = answer ?? ["refused", `${file.name}: ${form.dataset.lost}`];
      shown.words.textContent = words;
      shown.entry.className = `notice ${{ kept: "success", seen: "warning" }[state] ?? "error"}`;
      shown.bar.remove();
      resolve(state);
    };
    request.addEventListener("load", ended);
    request.addEventListener("error", ended);
    request.send(body);
  });
}

async function sendAll(files) {
  const said = document.querySelector("[data-upload-said]");
  const all = document.createElement("progress");
  const list = document.createElement("ul");
  list.className = "notices";
  all.max = files.length;
  all.value = 0;
  all.setAttribute("aria-label", form.dataset.sending);
  said.replaceChildren(all, list);
  const lines = files.map((file) => line(list, file.name));
  for (const [place, file] of files.entries()) {
    await send(file, lines[place]);
    all.value = place + 1;
    window.htmx.ajax("GET", form.dataset.refresh, { target: "#uploads", swap: "outerHTML" });
  }
  all.remove();
  form.reset();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll([...form.querySelector("input[type=file]").files]);
});
form?.addEventListener("dragover", (event) => event.preventDefault());
form?.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length > 0) {
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  }
});
