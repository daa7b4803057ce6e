// Passkeys: making one on one's account, and signing in with one. Bytes travel as base64url, as the standard's JSON has them.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

class Refused extends Error {}

async function post(url, body) {
  const response = await fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const said = await response.json();
  if (!response.ok) throw new Refused(said.error.code);
  return said;
}

function described(one) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (one.response[name]) response[name] = toText(one.response[name]);
  }
  return JSON.stringify({ id: one.id, rawId: toText(one.rawId), type: one.type, response });
}

// Says on the element named by data-says what went wrong; who only closed the device's window is told nothing.
async function tried(element, act) {
  const says = document.getElementById(element.dataset.says);
  says.hidden = true;
  element.toggleAttribute("aria-busy", true);
  try {
    await act();
  } catch (error) {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return;
    const known = { proof_wrong: "wrong", ACCOUNT_LOCKED: "many", rate_limited: "many", passkey_known: "known",
      InvalidStateError: "known", EMAIL_NOT_CONFIRMED: "unconfirmed", TENANT_RESTRICTED: "suspended",
      ACCOUNT_DISABLED: "disabled" }[error instanceof Refused ? error.message : error.name];
    says.lastElementChild.textContent = says.dataset[known ?? "failed"] ?? says.dataset.failed;
    says.hidden = false;
  } finally {
    element.removeAttribute("aria-busy");
  }
}

async function make(form) {
  const fields = Object.fromEntries(new FormData(form));
  const { publicKey, ticket } = await post(form.dataset.asks, { proof: fields.proof });
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials) known.id = toBytes(known.id);
  const made = await navigator.credentials.create({ publicKey });
  await post(form.action, { ticket, name: fields.passkey_name, credential: described(made) });
  location.reload();
}

async function signIn(button) {
  const { publicKey, ticket } = await post(button.dataset.asks, {});
  publicKey.challenge = toBytes(publicKey.challenge);
  const used = await navigator.credentials.get({ publicKey });
  await post(button.dataset.sends, { ticket, credential: described(used) });
  location.assign(button.dataset.leads);
}

// A form makes one, a button signs in with one.
export default function passkeys(element) {
  if (element instanceof HTMLFormElement) {
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      tried(element, () => make(element));
    });
    return;
  }
  element.hidden = !window.PublicKeyCredential;
  element.addEventListener("click", () => tried(element, () => signIn(element)));
}
