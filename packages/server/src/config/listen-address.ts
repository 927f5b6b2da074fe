import { isIP, isIPv4 } from "node:net";

/** Where the server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const PORT_MAX = 65_535;

/** The address in `HOST:PORT`, `[IPv6]:PORT` or `:PORT` (loopback); null for any other text. */
export const parseListenAddress = (text: string): ListenAddress | null => {
  const parts = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]*):(\d{1,5})$/.exec(text.trim());
  if (parts === null) return null;
  const port = Number(parts[2]);
  const given = parts[1] ?? "";
  const host = given === "" ? "127.0.0.1" : given.replace(/^\[|\]$/g, "");
  const valid = isIP(host) !== 0 || HOST_NAME.test(host);
  return valid && port <= PORT_MAX ? { host, port } : null;
};

/** Whether only this machine reaches the address. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));

/** The address as it stands in a URL. */
export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);
