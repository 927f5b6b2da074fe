import type { Credentials } from "./client-options.ts";
import { AbortedError } from "./errors.ts";

/** The header that carries the id of a login, on every call but the login itself. */
export const LOGIN_HEADER = "vmware-api-session-id";

/** What a login is made with. */
export type Identity =
  | { readonly kind: "credentials"; readonly credentials: Credentials }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "login"; readonly loginId: string };

/** Keeps the one login of a client: makes it when it is first needed, and anew when it has died. */
export interface LoginKeeper {
  /**
   * The present login's id; logs in when there is none. Callers that come together share one login; whose signal aborts gets an
   * AbortedError at once, and when none of them waits any more, the call for the login ends.
   */
  loginId(signal?: AbortSignal): Promise<string>;
  /** Forgets the login if it is still the given one. False when no other can be made. */
  replace(deadLoginId: string): boolean;
  /** The id of a login this keeper made and has not lost, for ending it. */
  ownLoginId(): string | undefined;
}

/** A login that is being made, and how many wait for it. */
interface PendingLogin {
  readonly made: Promise<string>;
  readonly givenUp: AbortController;
  waiting: number;
}

/** A keeper that logs in by `logIn`, which takes the value of the header `Authorization` and a signal that ends it. */
export function keepLogin(
  identity: Identity,
  logIn: (authorization: string, signal: AbortSignal) => Promise<string>,
): LoginKeeper {
  if (identity.kind === "login") {
    const { loginId } = identity;
    return { loginId: async () => loginId, replace: () => false, ownLoginId: () => undefined };
  }
  let current: string | undefined;
  let pending: PendingLogin | undefined;
  const begin = (): PendingLogin => {
    const givenUp = new AbortController();
    const made = logIn(authorizationOf(identity), givenUp.signal);
    const login: PendingLogin = { made, givenUp, waiting: 0 };
    const forget = (): void => {
      if (pending === login) pending = undefined;
    };
    givenUp.signal.addEventListener("abort", forget, { once: true });
    made.then((id) => (current = id), forget).finally(forget);
    return login;
  };
  return {
    async loginId(signal) {
      if (current !== undefined) return current;
      const login = (pending ??= begin());
      login.waiting += 1;
      try {
        return await orAborted(login.made, signal);
      } finally {
        login.waiting -= 1;
        if (login.waiting === 0) login.givenUp.abort();
      }
    },
    replace(deadLoginId) {
      if (current === deadLoginId) current = undefined;
      return true;
    },
    ownLoginId: () => current,
  };
}

/** What is promised, or an AbortedError once the signal aborts. */
async function orAborted(
  promised: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (signal === undefined) return await promised;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void =>
    reject(new AbortedError("The call was aborted.", { operation: "login.create" }));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([aborted, promised]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The header of a login call: Basic over UTF-8, or Bearer. */
export function authorizationOf(identity: Exclude<Identity, { readonly kind: "login" }>): string {
  if (identity.kind === "token") return `Bearer ${identity.token}`;
  const { userName, password } = identity.credentials;
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
