import { parseCertificateName } from "../adapters/tls/certificate-name.ts";
import type { ListenAddress } from "../config/listen-address.ts";
import { isLoopback } from "../config/listen-address.ts";

/** What says under which names a server is reached. */
export interface NameSources {
  readonly publicUrl: string | null;
  readonly listen: ListenAddress;
  /** The machine's own name. */
  readonly hostName: string;
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1"] as const;
/** Addresses that stand for all of a machine's, and so for none. */
const ANY_ADDRESS: readonly string[] = ["0.0.0.0", "::"];

const known = (names: readonly string[]): readonly string[] => {
  const parsed = names.flatMap((name) => parseCertificateName(name) ?? []);
  return [...new Set(parsed.filter((name) => !ANY_ADDRESS.includes(name)))];
};

const publicHost = (publicUrl: string | null): readonly string[] =>
  publicUrl === null ? [] : [new URL(publicUrl).hostname];

/** The names that a certificate of the server's own is made for, the most public one first. What no certificate can be for is left out. */
export const wantedNames = ({ publicUrl, listen, hostName }: NameSources): readonly string[] =>
  known([
    ...publicHost(publicUrl),
    ...(isLoopback(listen.host) ? [] : [listen.host]),
    hostName,
    ...LOOPBACK_NAMES,
    listen.host,
  ]);

/**
 * The names that a certificate should have and does not. The machine's own name counts only where no public URL says how clients
 * reach the server: in a container it is another one at every start.
 */
export const lackingNames = (
  names: readonly string[],
  { publicUrl, listen, hostName }: NameSources,
): readonly string[] =>
  known([...publicHost(publicUrl), listen.host, ...(publicUrl === null ? [hostName] : [])]).filter(
    (name) => !names.includes(name),
  );

/** The names of a certificate with others added to them, and with those that every one has. */
export const withNames = (
  present: readonly string[],
  added: readonly string[],
): readonly string[] => known([...present, ...added, ...LOOPBACK_NAMES]);
