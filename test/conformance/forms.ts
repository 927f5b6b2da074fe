import { test } from "node:test";
import { api } from "./api-form.ts";
import type { Form } from "./form.ts";
import { rest } from "./rest-form.ts";
import { rpc } from "./rpc-form.ts";

export type { Asking, Form, FormName } from "./form.ts";
export { api, rest, rpc };

/** The forms whose addresses, bodies and statuses differ. */
export const HTTP_FORMS: readonly Form[] = [rest, api];

/** Every form of the API: what is about behaviour holds on each. */
export const FORMS: readonly Form[] = [rest, api, rpc];

type RunTest = (name: string, run: () => Promise<void>) => void;

/** `test` for what only the HTTP forms spell: JSON-RPC has one address, one verb and one status, so nothing is added there. */
export const httpTest = (form: Form): RunTest =>
  form === rpc ? () => {} : (name, run) => void test(name, run);
