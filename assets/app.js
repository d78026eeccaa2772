// What every page may use: each part does nothing where its element is absent, and no page needs it.

document.documentElement.classList.add("js");

// A page that came back with an error says so first.
document.querySelector("[data-error-summary]")?.focus();

// Copy buttons say that they did, also to a screen reader, in the words of the page.
const words = { copied: "Copied", copyByHand: "Press Ctrl+C", ...document.body.dataset };
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
for (const button of document.querySelectorAll("button[data-copy]")) {
  document.body.append(status);
  const label = button.querySelector("[data-label]");
  const before = label?.textContent;
  button.addEventListener("click", async () => {
    let said = words.copied;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.setAttribute("data-copied", "");
    } catch {
      said = words.copyByHand;
      const code = button.parentElement?.querySelector("code");
      if (code) getSelection()?.selectAllChildren(code);
    }
    status.textContent = said;
    if (label) label.textContent = said;
    setTimeout(() => {
      button.removeAttribute("data-copied");
      status.textContent = "";
      if (label) label.textContent = before;
    }, 2000);
  });
}

// Show and hide a password.
for (const toggle of document.querySelectorAll("button[data-toggle]")) {
  const input = document.getElementById(toggle.dataset.toggle);
  if (!input) continue;
  toggle.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(show));
    const use = toggle.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, show ? "#eye-off" : "#eye"));
    input.focus();
  });
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

// Identifier first. The stylesheet hides the password where scripts run, so that nothing moves when
// this one does; the field stays in the page for password managers, and appears when the name has been
// given, when it is filled, or when it takes the focus.
const form = document.querySelector("form.identifier-first");
if (form) {
  const name = form.elements.namedItem("username");
  const password = form.elements.namedItem("password");
  const reveal = () => form.classList.add("revealed");
  if (name.value || password.value) reveal();
  password.addEventListener("focus", reveal);
  password.addEventListener("input", reveal);
  // Before the browser's own check of required fields, which would stop at the hidden one.
  form.querySelector("#login-submit").addEventListener("click", (event) => {
    if (form.classList.contains("revealed") || !name.value || password.value) return;
    event.preventDefault();
    reveal();
    password.focus();
  });
}

// A one-time code sends itself when it is complete: six digits, spaces apart.
const code = document.querySelector("input[data-auto-submit]");
code?.addEventListener("input", () => {
  if (!/^\d{6}$/.test(code.value.replace(/\s/g, "")) || code.form.dataset.sent) return;
  code.form.dataset.sent = "yes";
  code.form.requestSubmit();
});

// A form is sent once: a second press while the answer is on its way does nothing.
for (const each of document.forms) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.busy) event.preventDefault();
    each.dataset.busy = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const each of document.forms) {
    delete each.dataset.busy;
    delete each.dataset.sent;
  }
});

// On a narrow screen the navigation is a bar: show where we are in it.
document.querySelector("nav a[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => print());
}

// Save the recovery codes as a text file, made here: they do not travel again.
for (const button of document.querySelectorAll("button[data-download]")) {
  button.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([button.dataset.download + "\n"], { type: "text/plain" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

// "/" goes to the search field.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const search = document.querySelector("input[type=search]");
  if (search) {
    event.preventDefault();
    search.focus();
  }
});

// Instants in the reader's own time zone; the exact one stays in the attribute.
for (const time of document.querySelectorAll("time[data-local]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.valueOf())) {
    time.title = `${at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" })} (${time.dateTime})`;
  }
}

// Redirect URIs are looked at while they are typed; the server decides.
for (const area of document.querySelectorAll("textarea[data-uris]")) {
  const said = document.createElement("p");
  said.className = "field-error";
  said.setAttribute("role", "status");
  area.after(said);
  const judge = (line) => {
    let url;
    try { url = new URL(line); } catch { return `${line} is not an absolute URI.`; }
    const loopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
    if (line.includes("#")) return `${line} has a fragment; leave it out.`;
    if (line.includes("*")) return `${line} has a star; addresses are compared letter by letter.`;
    if (url.protocol === "http:" && !loopback) return `${line} is not https.`;
    return "";
  };
  area.addEventListener("change", () => {
    const lines = area.value.split(/\s+/).filter(Boolean);
    said.textContent = lines.map(judge).find(Boolean) ?? "";
  });
}

// A chosen picture becomes the text of the field that is sent.
for (const input of document.querySelectorAll("input[type=file][data-into]")) {
  input.addEventListener("change", () => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      document.getElementById(input.dataset.into).value = reader.result;
    });
    if (input.files[0]) reader.readAsDataURL(input.files[0]);
  });
}
