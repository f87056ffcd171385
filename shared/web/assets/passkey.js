// Passkeys (WebAuthn level 3). A page hides these buttons, and the form around one that is for nothing else; they show
// where the browser can use them:
//
//   <form method="post" action="/…">
//     … fields …
//     <button hidden data-passkey="get" data-passkey-begin="/…">…</button>
//     <button hidden data-passkey="create" data-passkey-options="{…}">…</button>
//     <p hidden data-passkey-status role="alert"></p>
//   </form>
//   <p hidden data-passkey-unsupported>…</p>
//
// `begin` answers a POST of {} with { ceremony, options }; or else options and ceremony stand in the page. The browser's
// answer goes with the form, as its fields `ceremony` and `response`. With data-passkey-autofill on the form, a passkey
// is also offered where the browser fills in the field that says autocomplete="username webauthn".
(() => {
  "use strict";

  const supported = typeof window.PublicKeyCredential === "function" && Boolean(navigator.credentials);
  // The server forgets a ceremony after five minutes.
  const FRESH_FOR = 4 * 60 * 1000;

  // --- Between JSON and bytes, where the browser does not do it itself ------------------------------

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");

  const descriptors = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const creationOptions = (json) =>
    PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? {
      ...json,
      challenge: bytes(json.challenge),
      user: { ...json.user, id: bytes(json.user.id) },
      excludeCredentials: descriptors(json.excludeCredentials),
    };

  const requestOptions = (json) =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? {
      ...json,
      challenge: bytes(json.challenge),
      allowCredentials: descriptors(json.allowCredentials),
    };

  const toJson = (credential) => {
    try {
      if (credential.toJSON) return credential.toJSON();
    } catch {
      // Some password managers give a credential of their own, whose toJSON throws.
    }
    const { response } = credential;
    const json = { clientDataJSON: base64url(response.clientDataJSON) };
    if (response.attestationObject) {
      json.attestationObject = base64url(response.attestationObject);
      json.transports = response.getTransports?.() ?? [];
    } else {
      json.authenticatorData = base64url(response.authenticatorData);
      json.signature = base64url(response.signature);
      if (response.userHandle) json.userHandle = base64url(response.userHandle);
    }
    return {
      id: credential.id,
      rawId: base64url(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
      response: json,
    };
  };

  // --- What went wrong, in words --------------------------------------------------------------------

  class Problem extends Error {
    constructor(status, type) {
      super(type);
      this.name = "Problem";
      this.status = status;
    }
  }

  const PROBLEMS = {
    unauthenticated: "Votre session a expiré. Rechargez la page, puis reconnectez-vous.",
    "too-many-attempts": "Trop d’essais. Patientez quelques minutes avant de réessayer.",
    unavailable: "Le service est momentanément indisponible. Réessayez dans quelques instants.",
  };

  const isAddress = /^[\d.]+$|^\[/.test(location.hostname);

  const REFUSALS = {
    NotAllowedError: "La demande a été annulée, ou le délai est dépassé. Vous pouvez réessayer.",
    InvalidStateError: "Cet appareil a déjà une clé d’accès pour ce compte.",
    ConstraintError: "Cet appareil ne peut pas vérifier votre identité : activez d’abord son verrouillage par empreinte, visage ou code.",
    NotSupportedError: "Cet appareil ne prend pas en charge les clés d’accès demandées.",
    SecurityError: isAddress
      ? "Les clés d’accès ne fonctionnent pas à une adresse numérique. Sur cette machine, remplacez-la par « localhost »."
      : "Les clés d’accès ne fonctionnent pas à cette adresse.",
  };

  const french = (error) => {
    if (error instanceof Problem) {
      return PROBLEMS[error.message] ?? "L’action n’a pas abouti. Réessayez.";
    }
    return REFUSALS[error.name] ?? "L’action n’a pas abouti. Vérifiez votre connexion, puis réessayez.";
  };

  const say = (form, text) => {
    const status = form.querySelector("[data-passkey-status]");
    if (!status) return;
    status.textContent = text;
    status.hidden = !text;
  };

  // --- The ceremony ---------------------------------------------------------------------------------

  const begin = async (button) => {
    if (button.dataset.passkeyOptions) return { options: JSON.parse(button.dataset.passkeyOptions) };
    const answer = await fetch(button.dataset.passkeyBegin, {
      method: "POST",
      credentials: "same-origin",
      redirect: "error",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: "{}",
    });
    const isJson = /^application\/(problem\+)?json/.test(answer.headers.get("content-type") ?? "");
    const json = isJson ? await answer.json() : {};
    if (!answer.ok) throw new Problem(answer.status, String(json.type ?? "").split(":").pop());
    return json;
  };

  const ask = (button, options, more) =>
    button.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: creationOptions(options), ...more })
      : navigator.credentials.get({ publicKey: requestOptions(options), ...more });

  const put = (form, name, value) => {
    let field = form.elements.namedItem(name);
    if (!field) {
      field = document.createElement("input");
      Object.assign(field, { type: "hidden", name });
      form.append(field);
    }
    field.value = value;
  };

  // Not as if a button were pressed: what else the form wants need not be filled in.
  const send = ({ form }, ceremony, credential) => {
    if (ceremony) put(form, "ceremony", ceremony);
    put(form, "response", JSON.stringify(toJson(credential)));
    form.submit();
  };

  const busy = (form, is) => {
    for (const button of form.querySelectorAll("button")) button.disabled = is;
    for (const button of form.querySelectorAll("[data-passkey]")) {
      if (is) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  };

  const run = async (button) => {
    const { form } = button;
    // What is made under a name wants the name first.
    if (button.dataset.passkey === "create" && !form.reportValidity()) return;
    disarm();
    say(form, "");
    busy(form, true);
    try {
      const { ceremony, options } = await begin(button);
      send(button, ceremony, await ask(button, options));
    } catch (error) {
      busy(form, false);
      say(form, french(error));
      arm();
    }
  };

  // --- Autofill -------------------------------------------------------------------------------------

  // The request that waits behind the field; a browser has one at a time, and so does the page.
  let waiting = null;
  let armedAt = 0;

  const disarm = () => {
    waiting?.abort();
    waiting = null;
  };

  const arm = async () => {
    const button = document.querySelector("form[data-passkey-autofill] [data-passkey=get]");
    if (!button) return;
    disarm();
    const mine = new AbortController();
    waiting = mine;
    armedAt = Date.now();
    try {
      if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
      const { ceremony, options } = await begin(button);
      if (mine.signal.aborted) return;
      send(button, ceremony, await ask(button, options, { mediation: "conditional", signal: mine.signal }));
    } catch {
      // Nobody asked for anything, so there is nobody to tell.
    }
  };

  const start = () => {
    const buttons = document.querySelectorAll("[data-passkey]");
    if (!supported) {
      for (const text of document.querySelectorAll("[data-passkey-unsupported]")) text.hidden = false;
      return;
    }
    for (const button of buttons) {
      button.hidden = false;
      button.form.hidden = false;
      button.addEventListener("click", (event) => {
        event.preventDefault();
        run(button);
      });
    }
    for (const field of document.querySelectorAll("input[autocomplete~=webauthn]")) {
      field.addEventListener("focus", () => {
        if (waiting && Date.now() - armedAt > FRESH_FOR) arm();
      });
    }
    // The page comes back from the history as it was left: busy, and with its request gone.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      for (const { form } of buttons) busy(form, false);
      arm();
    });
    arm();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
