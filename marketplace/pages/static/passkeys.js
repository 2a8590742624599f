// Passkeys: asks the browser to create one, or to sign in with one. The server makes each challenge
// and checks each signature; this module only passes JSON between the two.

const supported = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

async function create(form) {
  const data = new FormData(form);
  const options = await post("/passkeys/options", { present: data.get("present") ?? "" });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  return post("/passkeys", { credential: credential.toJSON(), name: data.get("name") });
}

async function signIn(form) {
  const options = await post("/signin/passkey/options", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return post("/signin/passkey", { credential: credential.toJSON(), next: new FormData(form).get("next") });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!supported) continue;
  form.hidden = false;
  const failed = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const { location: next } = await (form.dataset.passkey === "create" ? create(form) : signIn(form));
      location.assign(next);
    } catch {
      // The person cancelled, the authenticator refused, or the server did: the text covers all three.
      failed.hidden = false;
      failed.focus();
    }
  });
}
