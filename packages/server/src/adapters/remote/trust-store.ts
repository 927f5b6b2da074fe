import { createHash, X509Certificate } from "node:crypto";
import type { SecureContext } from "node:tls";
import { createSecureContext, getCACertificates } from "node:tls";

/** Sets of trusted certificates whose context is kept; each takes some megabytes. */
const CONTEXTS_MAX = 4;

const keyHash = ({ publicKey }: X509Certificate): Buffer =>
  createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();

/** SHA-256 of a certificate's public key, lower-case hexadecimal. */
export const keyDigest = (certificate: X509Certificate): string =>
  keyHash(certificate).toString("hex");

/** The same as `sha256//` and Base64, the form that `curl --pinnedpubkey` takes. */
export const keyPrint = (certificate: X509Certificate): string =>
  `sha256//${keyHash(certificate).toString("base64")}`;

const systemRoots = (): readonly string[] => [
  ...new Set([...getCACertificates("default"), ...getCACertificates("system")]),
];

const contextOf = (certificates: readonly string[]): SecureContext =>
  createSecureContext({
    ca: [...certificates],
    // What an administrator trusts is trusted by itself, whoever issued it.
    allowPartialTrustChain: true,
    minVersion: "TLSv1.2",
  });

const readable = (pems: readonly string[]): readonly X509Certificate[] =>
  pems.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      // A root in a form that Node can not read is none that a pin could mean.
      return [];
    }
  });

/** Contexts for connections that trust the system's authorities and some certificates beside them. */
export class TrustStore {
  readonly #contexts = new Map<string, SecureContext>();
  /** By the digests of their keys; made once one is looked for, since there are hundreds. */
  #roots: ReadonlyMap<string, X509Certificate> | null = null;

  /** For the check of a chain as usual. */
  usual(trusted: readonly string[]): SecureContext {
    const key = createHash("sha256").update(trusted.join()).digest("hex");
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const made = contextOf([...systemRoots(), ...trusted]);
    this.#contexts.set(key, made);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > CONTEXTS_MAX && oldest !== undefined) this.#contexts.delete(oldest);
    return made;
  }

  /** Trusts nobody but the authorities with that key, looked for in the chain and among all that is trusted; null where there is none. */
  pinned(
    digest: string,
    chain: readonly X509Certificate[],
    trusted: readonly string[],
  ): SecureContext | null {
    const known = [...chain, ...readable(trusted)].filter((one) => keyDigest(one) === digest);
    this.#roots ??= new Map(readable(systemRoots()).map((root) => [keyDigest(root), root]));
    const root = this.#roots.get(digest);
    const found = root === undefined ? known : [...known, root];
    return found.length === 0 ? null : contextOf(found.map(String));
  }
}
