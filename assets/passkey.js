// Passkeys and security keys: asks the server for a challenge, the browser for an answer, and sends
// it with the form. Nothing is decided here.

const supported = "PublicKeyCredential" in window && "credentials" in navigator;

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Options as the server writes them, binary members as base64url.
function readOptions(options) {
  const binary = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    read.user = { ...options.user, id: bytes(options.user.id) };
    read.excludeCredentials = binary(options.excludeCredentials);
  } else {
    read.allowCredentials = binary(options.allowCredentials);
  }
  return read;
}

// An answer as the server reads it.
function writeAnswer(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    parts.attestationObject = text(response.attestationObject);
    parts.transports = response.getTransports?.() ?? [];
  } else {
    parts.authenticatorData = text(response.authenticatorData);
    parts.signature = text(response.signature);
    parts.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  const extensions = credential.getClientExtensionResults();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: extensions.credProps ? { credProps: extensions.credProps } : {},
  });
}

class Refused extends Error {
  constructor(saying) {
    super(saying);
    this.saying = saying;
  }
}

async function challenge(form, more) {
  const fields = new URLSearchParams(more);
  for (const name of ["csrf", "flow", "wanted"]) {
    const field = form.elements.namedItem(name);
    if (field?.value) fields.set(name, field.value);
  }
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    body: fields,
    headers: { accept: "application/json" },
    redirect: "error",
  });
  if (answer.status === 429) throw new Refused("sayBusy");
  if (!answer.ok) throw new Refused(answer.status < 500 ? "sayOld" : "sayFailed");
  return answer.json();
}

// Why it did not work, as the form says it.
function saying(error) {
  if (error instanceof Refused) return error.saying;
  switch (error.name) {
    case "NotAllowedError": return "sayCancelled";
    case "InvalidStateError": return "sayKnown";
    case "SecurityError": return "sayWrongPlace";
    case "NotSupportedError": return "sayNone";
    default: return "sayFailed";
  }
}

function say(form, key) {
  const place = form.querySelector("[data-key-says]");
  place.textContent = key ? form.dataset[key] : "";
  place.hidden = !key;
}

function send(form, ceremony, credential) {
  form.elements.namedItem("ceremony").value = ceremony;
  form.elements.namedItem("credential").value = writeAnswer(credential);
  form.submit();
}

// The autofill of the sign-in page waits until something else is chosen.
let waiting = null;

async function ask(form, more) {
  waiting?.abort();
  waiting = null;
  const button = form.querySelector("[data-key-start]");
  button.disabled = true;
  say(form, "sayWaiting");
  try {
    const { ceremony, publicKey } = await challenge(form, more);
    const options = { publicKey: readOptions(publicKey) };
    const made = form.dataset.key === "create"
      ? await navigator.credentials.create(options)
      : await navigator.credentials.get(options);
    if (!made) throw new Refused("sayFailed");
    send(form, ceremony, made);
  } catch (error) {
    say(form, saying(error));
    button.disabled = false;
    button.focus();
    if (form.dataset.key === "sign-in") autofill(form);
  }
}

// Offers passkeys in the user name's autofill; a challenge lives five minutes, so it is renewed.
async function autofill(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const mine = new AbortController();
  waiting = mine;
  const renew = setTimeout(() => {
    if (waiting !== mine) return;
    mine.abort();
    autofill(form);
  }, 4 * 60 * 1000);
  try {
    const { ceremony, publicKey } = await challenge(form, {});
    if (mine.signal.aborted) return;
    const made = await navigator.credentials.get({
      publicKey: readOptions(publicKey),
      mediation: "conditional",
      signal: mine.signal,
    });
    if (made) send(form, ceremony, made);
  } catch (error) {
    // Nobody asked for anything yet, so there is nothing to tell.
  } finally {
    clearTimeout(renew);
  }
}

for (const form of document.querySelectorAll("form[data-key]")) {
  const button = form.querySelector("[data-key-start]");
  if (!supported) {
    button.disabled = true;
    say(form, "sayNone");
    continue;
  }
  button.addEventListener("click", () => {
    if (!form.reportValidity()) return;
    const typed = form.dataset.key === "sign-in" && document.getElementById("username")?.value.trim();
    ask(form, typed ? { username: typed } : {});
  });
  if (form.dataset.key === "sign-in") autofill(form);
}

// A page that comes back from the browser's memory begins anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Whether this device could keep a passkey, so that one may be offered after the password.
const note = document.querySelector("[data-passkeys]");
if (note && supported) {
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.()
    .then((can) => { note.value = can ? "yes" : ""; })
    .catch(() => {});
}

// A form that needs a fresh proof takes it from a key: the answer goes with the form.
const source = document.getElementById("key-source");
for (const button of document.querySelectorAll("button[data-key-proof]")) {
  if (!source || !supported) continue;
  const form = button.form;
  const place = form.querySelector("[data-key-says]");
  const code = form.elements.namedItem("code");
  button.hidden = false;
  button.addEventListener("click", async () => {
    code.required = false;
    if (!form.reportValidity()) return;
    button.disabled = true;
    try {
      const { ceremony, publicKey } = await challenge(source, {});
      const made = await navigator.credentials.get({ publicKey: readOptions(publicKey) });
      const field = (name, value) => {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
      };
      field("ceremony", ceremony);
      field("credential", writeAnswer(made));
      form.submit();
    } catch (error) {
      code.required = true;
      button.disabled = false;
      place.textContent = source.dataset[saying(error)] ?? "";
      place.hidden = false;
    }
  });
}
