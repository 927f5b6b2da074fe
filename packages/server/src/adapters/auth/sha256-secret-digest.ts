import { hash } from "node:crypto";
import type { SecretDigest } from "../../ports/index.ts";

/** SHA-256 is enough for secrets of 128 random bits and more; passwords go through the `PasswordHasher`. */
export class Sha256SecretDigest implements SecretDigest {
  digest(secret: string): string {
    return hash("sha256", secret, "hex");
  }
}
