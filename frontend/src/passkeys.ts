/**
 * Passkeys: a form marked `data-passkey` asks the server for a question, has the browser answer
 * it, and is then sent as any other form with the answer in it.
 */

type Sent = Record<string, unknown>;

export function passkeyForms(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void answer(form);
    });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (failed) failed.hidden = true;
  if (button) button.disabled = true;
  try {
    const question = await ask(form);
    const made =
      form.dataset["passkey"] === "register" ? await register(question) : await prove(question);
    const field = form.elements.namedItem("answer");
    if (field instanceof HTMLInputElement) field.value = JSON.stringify(made);
    form.submit();
  } catch {
    // Cancelled, no time, no passkey here, no network: one sentence for all, and another try.
    if (failed) failed.hidden = false;
  } finally {
    if (button) {
      button.disabled = false;
      if (failed && !failed.hidden) button.focus();
    }
  }
}

async function ask(form: HTMLFormElement): Promise<Sent> {
  const where = form.dataset["question"] ?? "";
  const token = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  const body = new URLSearchParams({ csrfmiddlewaretoken: token?.value ?? "" });
  const answered = await fetch(where, { method: "POST", body, redirect: "error" });
  if (!answered.ok) throw new Error("no question");
  return ((await answered.json()) as { publicKey: Sent }).publicKey;
}

async function register(question: Sent): Promise<Sent> {
  const user = question["user"] as Sent;
  const publicKey = {
    ...question,
    challenge: bytes(question["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: credentials(question["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await navigator.credentials.create({ publicKey });
  const key = credential(made);
  const response = key.response as AuthenticatorAttestationResponse;
  return {
    ...named(key),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
    },
  };
}

async function prove(question: Sent): Promise<Sent> {
  const publicKey = {
    ...question,
    challenge: bytes(question["challenge"]),
    allowCredentials: credentials(question["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  const key = credential(await navigator.credentials.get({ publicKey }));
  const response = key.response as AuthenticatorAssertionResponse;
  return {
    ...named(key),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
    },
  };
}

function credential(made: Credential | null): PublicKeyCredential {
  if (!(made instanceof PublicKeyCredential)) throw new Error("no passkey");
  return made;
}

function named(key: PublicKeyCredential): Sent {
  return { id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {} };
}

function credentials(listed: unknown): unknown[] {
  if (!Array.isArray(listed)) return [];
  return listed.map((each: Sent) => ({ ...each, id: bytes(each["id"]) }));
}

/** Base64url, as the server writes it, to bytes and back. */
function bytes(value: unknown): Uint8Array {
  const plain = String(value).replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

function text(value: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(value));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
