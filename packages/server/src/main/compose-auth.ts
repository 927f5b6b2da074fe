import { randomBytes } from "node:crypto";
import { Argon2PasswordHasher } from "../adapters/auth/argon2-password-hasher.ts";
import { HmacEndpointSigner } from "../adapters/auth/hmac-endpoint-signer.ts";
import { KEY_BYTES, loadOrCreateKey } from "../adapters/auth/key-file.ts";
import { MemoryAttemptLimiter } from "../adapters/auth/memory-attempt-limiter.ts";
import { Sha256SecretDigest } from "../adapters/auth/sha256-secret-digest.ts";
import type {
  AttemptLimiter,
  Clock,
  EndpointSigner,
  PasswordHasher,
  SecretDigest,
} from "../ports/index.ts";
import { PortError } from "../ports/index.ts";
import type { DataDirectory } from "./data-directory.ts";
import { StartError } from "./start-error.ts";

/** Everything about secrets. */
export interface Auth {
  readonly hasher: PasswordHasher;
  readonly digest: SecretDigest;
  readonly signer: EndpointSigner;
  readonly attempts: AttemptLimiter;
}

const KEY_FILE = "endpoint.key";

const endpointKey = (directory: DataDirectory | null): Buffer => {
  if (directory === null) return randomBytes(KEY_BYTES);
  try {
    return loadOrCreateKey(directory.place(KEY_FILE));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw new StartError(
      `${error.message} Restore it from a backup, or remove it: transfers that are under way then need new addresses.`,
      {
        cause: error,
      },
    );
  }
};

/** Composes the adapters around secrets; the key of the endpoints lies in the data directory, or lives as long as the process. */
export const composeAuth = (
  directory: DataDirectory | null,
  clock: Clock,
  hasher?: PasswordHasher,
): Auth => ({
  hasher: hasher ?? new Argon2PasswordHasher(),
  digest: new Sha256SecretDigest(),
  signer: new HmacEndpointSigner(endpointKey(directory)),
  attempts: new MemoryAttemptLimiter(clock),
});
