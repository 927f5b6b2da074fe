import type { PendingCompletion } from "../../domain/update-session.ts";
import type { Instant } from "../../domain/ids.ts";
import type { CancelSignal } from "../../ports/index.ts";
import { ownerOf } from "../access/owner.ts";
import type { Caller } from "../call.ts";
import { given } from "../given.ts";

/** Who completes, and what is said of the change. */
export interface Completer {
  readonly caller: Pick<Caller, "accountId" | "accountName" | "userName" | "tokenId">;
  /** Aborts when nobody waits for it any more. */
  readonly signal: CancelSignal;
  readonly message?: string;
}

/** What is kept of whoever completes until all files have come. (S110) */
export const pendingBy = ({ caller, message }: Completer, at: Instant): PendingCompletion => ({
  at,
  by: ownerOf(caller),
  userName: caller.userName,
  ...given({ message }),
});

/** Whoever completed, for the server to go on in his name. (S112) */
export const completerOf = (
  { by, userName, message }: PendingCompletion,
  signal: CancelSignal,
): Completer => ({
  caller: {
    accountId: by.id,
    accountName: by.name,
    userName,
    ...given({ tokenId: by.tokenId }),
  },
  signal,
  ...given({ message }),
});
