import { faultOf } from "@contentlib/contract/vocabulary";
import { parseClientToken } from "../domain/ids.ts";
import type { Catalog, Change, ClientTokenKey } from "../ports/index.ts";
import type { Call } from "./call.ts";
import { Fault } from "./fault.ts";

/** The scope of the caller's `client_token`, null when none was sent (contract U6, U7). */
export const clientTokenKey = (
  operation: string,
  token: string | undefined,
  call: Call,
): ClientTokenKey | null => {
  if (token === undefined) return null;
  const parsed = parseClientToken(token);
  if (parsed === null) throw new Fault(faultOf("client_token.invalid", token));
  return { accountId: call.caller.accountId, operation, token: parsed };
};

/** The id that the first call with this token made, null when there was none. */
export const firstResult = async (
  catalog: Pick<Catalog, "findClientToken">,
  key: ClientTokenKey | null,
): Promise<string | null> => (key === null ? null : catalog.findClientToken(key));

/** The change that remembers the result of a create under its token. */
export const rememberResult = (
  key: ClientTokenKey | null,
  resultId: string,
  at: number,
): readonly Change[] => (key === null ? [] : [{ kind: "client-token.put", key, resultId, at }]);
