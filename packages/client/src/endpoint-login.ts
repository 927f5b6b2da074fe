import { LOGIN_HEADER } from "./login-keeper.ts";

/** Headers that requests to a transfer endpoint, which is a secret, carry besides. */
export type EndpointHeaders = (
  url: string,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, string>>>;

/** What decides whether an endpoint is shown the login. */
export interface EndpointLogin {
  /** The server's address. */
  readonly serverUrl: string;
  readonly isOurs: (signal: AbortSignal) => Promise<boolean>;
  readonly loginId: (signal: AbortSignal) => Promise<string>;
}

/**
 * Endpoints are secrets that need no login, and at servers of ours they are sent none. The vCenter simulator asks for one all the
 * same, so other servers are shown it; never at another origin than their own, where it could be anybody's.
 */
export const endpointHeaders =
  ({ serverUrl, isOurs, loginId }: EndpointLogin): EndpointHeaders =>
  async (url, signal) => {
    const isOwn = URL.parse(url)?.origin === new URL(serverUrl).origin;
    if (!isOwn || (await isOurs(signal))) return {};
    return { [LOGIN_HEADER]: await loginId(signal) };
  };
