import { randomBytes } from "node:crypto";
import { AesSecretSeal } from "../adapters/auth/aes-secret-seal.ts";
import { Argon2PasswordHasher } from "../adapters/auth/argon2-password-hasher.ts";
import { HmacEndpointSigner } from "../adapters/auth/hmac-endpoint-signer.ts";
import { KEY_BYTES, loadOrCreateKey } from "../adapters/auth/key-file.ts";
import { MemoryAttemptLimiter } from "../adapters/auth/memory-attempt-limiter.ts";
import { Sha256SecretDigest } from "../adapters/auth/sha256-secret-digest.ts";
import { NodeCertificateReader } from "../adapters/certificates/node-certificate-reader.ts";
import type {
  AttemptLimiter,
  CertificateReader,
  Clock,
  EndpointSigner,
  PasswordHasher,
  SecretDigest,
  SecretSeal,
} from "../ports/index.ts";
import { PortError } from "../ports/index.ts";
import type { DataDirectory } from "./data-directory.ts";
import { StartError } from "./start-error.ts";

/** Everything about secrets and trust. */
export interface Auth {
  readonly hasher: PasswordHasher;
  readonly digest: SecretDigest;
  readonly seal: SecretSeal;
  readonly signer: EndpointSigner;
  readonly attempts: AttemptLimiter;
  readonly certificates: CertificateReader;
}

/** The keys of a server, and what is to be done by hand where one is lost. */
const KEYS = {
  "endpoint.key": "transfers that are under way then need new addresses",
  "secrets.key": "the passwords of subscribed libraries must then be given again",
} as const;

const keyIn = (directory: DataDirectory | null, file: keyof typeof KEYS): Buffer => {
  if (directory === null) return randomBytes(KEY_BYTES);
  try {
    return loadOrCreateKey(directory.place(file));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw new StartError(
      `${error.message} Restore it from a backup, or remove it: ${KEYS[file]}.`,
      { cause: error },
    );
  }
};

/** Composes the adapters around secrets and trust; the keys lie in the data directory, or live as long as the process. */
export const composeAuth = (
  directory: DataDirectory | null,
  clock: Clock,
  hasher?: PasswordHasher,
): Auth => ({
  hasher: hasher ?? new Argon2PasswordHasher(),
  digest: new Sha256SecretDigest(),
  seal: new AesSecretSeal(keyIn(directory, "secrets.key")),
  signer: new HmacEndpointSigner(keyIn(directory, "endpoint.key")),
  attempts: new MemoryAttemptLimiter(clock),
  certificates: new NodeCertificateReader(),
});
