import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretSeal } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";

/*
 * A sealed text is "1." and base64url of
 *   nonce (12 bytes) | AES-256-GCM of the text in UTF-8 | tag (16 bytes)
 * The place it is for, in UTF-8, is the associated data, which is not kept.
 * With random nonces one key is good for some 2^32 texts, far more than a server has passwords.
 */
const FORM = "1.";
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key of 32 bytes. */
export class AesSecretSeal implements SecretSeal {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  seal(text: string, place: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(place, "utf8"));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return FORM + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64url");
  }

  open(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed.slice(FORM.length), "base64url");
    if (!sealed.startsWith(FORM) || bytes.length < NONCE_BYTES + TAG_BYTES) throw notOurs();
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place, "utf8"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    try {
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    } catch (error) {
      throw notOurs(error);
    }
  }
}

const notOurs = (cause?: unknown): PortError =>
  new PortError(
    "corrupt",
    "A sealed secret can not be opened in its place with the key of this server.",
    {
      cause,
    },
  );
