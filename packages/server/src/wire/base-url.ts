import type { IncomingMessage } from "node:http";
import { headerOf } from "./request-head.ts";

const HOST = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?)(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 80;
const PORT_MAX = 65_535;

const hostInUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

const fromHost = (host: string): string | null => {
  const parts = HOST.exec(host);
  if (parts === null) return null;
  const port = parts[1] === undefined ? DEFAULT_PORT : Number(parts[1]);
  if (port < 1 || port > PORT_MAX) return null;
  return parts[1] === undefined ? `http://${host}:${DEFAULT_PORT}` : `http://${host}`;
};

/**
 * Scheme, host and port under which the caller reached the server, always with the port (contract P3): the public URL where one
 * is set, else the request's Host when it can be one, else the address of the connection itself.
 */
export const baseUrlOf = (request: IncomingMessage, publicUrl: string | null): string => {
  if (publicUrl !== null) return publicUrl;
  const host = headerOf(request, "host");
  const asked = host === null ? null : fromHost(host);
  if (asked !== null) return asked;
  const { localAddress = "127.0.0.1", localPort = DEFAULT_PORT } = request.socket;
  return `http://${hostInUrl(localAddress.replace(/^::ffff:/i, ""))}:${localPort}`;
};
