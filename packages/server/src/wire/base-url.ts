const HOST = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?)(?::(\d{1,5}))?$/i;
const PORT_MAX = 65_535;

/** How a client speaks to a server. */
export type Scheme = "http" | "https";

/** The port of a scheme where none is named. */
export const DEFAULT_PORTS: Readonly<Record<Scheme, number>> = { http: 80, https: 443 };

/** An address as it stands in a URL. */
export const hostInUrl = (address: string): string =>
  address.includes(":") ? `[${address}]` : address;

/** Reads a port; null for what is none. */
export const portOf = (text: string): number | null => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= PORT_MAX ? port : null;
};

/** A base URL of a host that may name its port, else with the one given; null for what can be no host. */
export const baseUrlOfHost = (
  host: string,
  scheme: Scheme,
  port: number = DEFAULT_PORTS[scheme],
): string | null => {
  const parts = HOST.exec(host);
  if (parts === null) return null;
  if (parts[1] === undefined) return `${scheme}://${host}:${port}`;
  return portOf(parts[1]) === null ? null : `${scheme}://${host}`;
};
