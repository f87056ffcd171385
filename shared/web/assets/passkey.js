// Passkeys (WebAuthn level 3). A page hides these forms; they show where the browser can use them:
//
//   <form hidden data-passkey="create|get" data-passkey-begin="/…" data-passkey-finish="/…" data-passkey-next="/…">
//     … fields …  <button>…</button>  <p data-passkey-status role="status"></p>
//   </form>
//   <p hidden data-passkey-unsupported>…</p>
//
// `begin` answers a POST of {} with { ceremony, options }; `finish` takes { ceremony, response } and the form's fields,
// and may answer { location }. With data-passkey-autofill, a passkey is also offered where the browser fills in the
// field that says autocomplete="username webauthn".
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
    "wrong-credentials": "Cette clé d’accès n’est pas reconnue, ou la demande a expiré. Réessayez.",
    "too-many-attempts": "Trop d’essais. Patientez quelques minutes avant de réessayer.",
    invalid: "Vérifiez votre saisie, puis réessayez.",
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

  const post = async (href, body) => {
    const answer = await fetch(href, {
      method: "POST",
      credentials: "same-origin",
      redirect: "error",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
    const isJson = /^application\/(problem\+)?json/.test(answer.headers.get("content-type") ?? "");
    const json = isJson ? await answer.json() : {};
    if (!answer.ok) throw new Problem(answer.status, String(json.type ?? "").split(":").pop());
    return json;
  };

  // Names that begin with `_` are the page's own.
  const fields = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !name.startsWith("_")));

  const begin = (form) => post(form.dataset.passkeyBegin, {});

  const ask = (form, options, more) =>
    form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: creationOptions(options), ...more })
      : navigator.credentials.get({ publicKey: requestOptions(options), ...more });

  const finish = async (form, ceremony, credential) => {
    const done = await post(form.dataset.passkeyFinish, { ...fields(form), ceremony, response: toJson(credential) });
    const next = new URL(done.location ?? form.dataset.passkeyNext ?? location.href, location.href);
    location.assign(next.origin === location.origin ? next : "/");
  };

  const busy = (form, is) => {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = is;
      if (is) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  };

  const run = async (form) => {
    disarm();
    say(form, "");
    busy(form, true);
    try {
      const { ceremony, options } = await begin(form);
      await finish(form, ceremony, await ask(form, options));
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
    const form = document.querySelector("form[data-passkey=get][data-passkey-autofill]");
    if (!form) return;
    disarm();
    const mine = new AbortController();
    waiting = mine;
    armedAt = Date.now();
    let chosen = false;
    try {
      if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
      const { ceremony, options } = await begin(form);
      if (mine.signal.aborted) return;
      const credential = await ask(form, options, { mediation: "conditional", signal: mine.signal });
      chosen = true;
      await finish(form, ceremony, credential);
    } catch (error) {
      // Nobody asked for anything yet, so there is nobody to tell.
      if (!chosen || mine.signal.aborted) return;
      say(form, french(error));
      arm();
    }
  };

  const start = () => {
    const forms = document.querySelectorAll("form[data-passkey]");
    if (!supported) {
      for (const text of document.querySelectorAll("[data-passkey-unsupported]")) text.hidden = false;
      return;
    }
    for (const form of forms) {
      form.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        run(form);
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
      for (const form of forms) busy(form, false);
      arm();
    });
    arm();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
