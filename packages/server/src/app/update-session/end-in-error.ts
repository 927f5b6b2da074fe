import type { Message } from "@contentlib/contract/vocabulary";
import { breakOff } from "../../domain/update-session/end.ts";
import type { Change, SessionRow } from "../../ports/index.ts";
import type { EndingCore } from "./expire.ts";
import { settleEnd } from "./expire.ts";

/**
 * Ends the session in ERROR with that message; false when what that was decided on has changed meanwhile: the session, its files, or
 * what is `expected` besides.
 */
export const endInError = async (
  core: EndingCore,
  row: SessionRow,
  { message, expected = [] }: { readonly message: Message; readonly expected?: readonly Change[] },
): Promise<boolean> => {
  if (row.value.state !== "ACTIVE") return false;
  const ended = breakOff(row.value, message, core.time.now());
  const outcome = await core.catalog.commit([
    ...expected,
    { kind: "session.put", session: ended, rev: row.rev, filesRev: row.filesRev },
  ]);
  if (outcome.kind !== "committed") return false;
  await settleEnd(core, ended, message.default_message);
  return true;
};
