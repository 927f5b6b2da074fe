import type { Spec } from "./form.ts";

export const get = (path: string) => ({ method: "GET", path, status: 200 }) as const;

export const ok = (method: string, path: string, body?: unknown) => ({
  method,
  path,
  body,
  status: 200,
});

export const made = (path: string, body: unknown) => ({ method: "POST", path, body, status: 201 });

export const none = (method: string, path: string, body?: unknown) => ({
  method,
  path,
  body,
  status: 204,
});

/** A query of one parameter; nothing where it has no value. */
export const query = (name: string, value: string | undefined): string =>
  value === undefined ? "" : `?${name}=${encodeURIComponent(value)}`;

/** The body of a fail; none where no text is given. */
export const failing = (text: string | undefined): unknown =>
  text === undefined ? undefined : { client_error_message: text };

/** The body of a create on /rest. */
export const withToken = (wrapper: string, spec: Spec, token: string | undefined): Spec => ({
  ...(token === undefined ? {} : { client_token: token }),
  [wrapper]: spec,
});
