import type { Credentials } from "./client-options.ts";

/** The header that carries the id of a login, on every call but the login itself. */
export const LOGIN_HEADER = "vmware-api-session-id";

/** What a login is made with. */
export type Identity =
  | { readonly kind: "credentials"; readonly credentials: Credentials }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "login"; readonly loginId: string };

/** Keeps the one login of a client: makes it when it is first needed, and anew when it has died. */
export interface LoginKeeper {
  /** The present login's id; logs in when there is none. Callers that come together share one login. */
  loginId(): Promise<string>;
  /** Forgets the login if it is still the given one. False when no other can be made. */
  replace(deadLoginId: string): boolean;
  /** The id of a login this keeper made and has not lost, for ending it. */
  ownLoginId(): string | undefined;
}

/** A keeper that logs in by `logIn`, which takes the value of the header `Authorization`. */
export function keepLogin(
  identity: Identity,
  logIn: (authorization: string) => Promise<string>,
): LoginKeeper {
  if (identity.kind === "login") {
    const { loginId } = identity;
    return { loginId: async () => loginId, replace: () => false, ownLoginId: () => undefined };
  }
  let current: string | undefined;
  let pending: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    try {
      current = await logIn(authorizationOf(identity));
      return current;
    } finally {
      pending = undefined;
    }
  };
  return {
    loginId: async () => current ?? (await (pending ??= make())),
    replace(deadLoginId) {
      if (current === deadLoginId) current = undefined;
      return true;
    },
    ownLoginId: () => current,
  };
}

/** The header of a login call: Basic over UTF-8, or Bearer. */
export function authorizationOf(identity: Exclude<Identity, { readonly kind: "login" }>): string {
  if (identity.kind === "token") return `Bearer ${identity.token}`;
  const { userName, password } = identity.credentials;
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
