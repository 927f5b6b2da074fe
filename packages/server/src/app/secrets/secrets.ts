import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { UrlLogin } from "../../domain/remote-url.ts";
import type { Secret } from "../../domain/secret.ts";
import { checkDestination } from "../../domain/secret.ts";
import type { CatalogReader, SecretSeal } from "../../ports/index.ts";

/** Logins that administrators have set for other servers, to be named by those who have files fetched from there. */
export interface Secrets {
  /**
   * The login of that name, for that address. (S118) A fault where there is no such secret (`secret.not_found`), or where the origin of the
   * address is not exactly the secret's own (`secret.wrong_origin`). An address is one that `readRemoteUrl` gave.
   */
  loginFor(name: string, url: string): Promise<UrlLogin | FaultValue>;
}

/** The place for which a password is sealed: moved to another name or another origin, it stays shut. */
export const secretPlace = ({ name, origin }: Pick<Secret, "name" | "origin">): string =>
  `secret:${name}:${origin}`;

/** The secrets that the catalog keeps. */
export const secretsIn = (
  catalog: Pick<CatalogReader, "findSecret">,
  seal: Pick<SecretSeal, "open">,
): Secrets => ({
  loginFor: async (name, url) => {
    const secret = await catalog.findSecret(name);
    if (secret === null) return faultOf("secret.not_found", name);
    const fault = checkDestination(secret, url);
    if (fault !== null) return fault;
    const password = seal.open(secret.sealedPassword, secretPlace(secret));
    return { userName: secret.userName, password };
  },
});
