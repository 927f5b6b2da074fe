import type { IncomingMessage } from "node:http";
import { headerOf } from "../request-head.ts";

/** Parameters behind an item of RFC 9651, which mean nothing here. */
const PARAMETERS = String.raw`(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:"[^"]*"|[^;,"]*))?)*`;
const INTEGER = new RegExp(`^(\\d{1,15})${PARAMETERS}$`);
const BOOLEAN = new RegExp(`^\\?([01])${PARAMETERS}$`);

const itemOf = (request: IncomingMessage, name: string, form: RegExp): string | null =>
  form.exec(headerOf(request, name.toLowerCase()) ?? "")?.[1] ?? null;

/** The whole number that a header has as its item (RFC 9651); null without one, as any other value is to be ignored. */
export const integerItemOf = (request: IncomingMessage, name: string): number | null => {
  const digits = itemOf(request, name, INTEGER);
  return digits === null ? null : Number(digits);
};

/** As `integerItemOf`, for a boolean. */
export const booleanItemOf = (request: IncomingMessage, name: string): boolean | null => {
  const digit = itemOf(request, name, BOOLEAN);
  return digit === null ? null : digit === "1";
};
