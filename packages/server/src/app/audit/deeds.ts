import type { ServerOperation } from "@contentlib/contract/vocabulary";
import { UPLOAD_OPERATION } from "@contentlib/contract/vocabulary";
import { fullUserName } from "../../domain/account-name.ts";
import type { SessionOwner } from "../../domain/session-owner.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Deed, Doer } from "../../ports/index.ts";
import type { Call, Caller, Origin } from "../call.ts";

const byToken = (tokenId: Caller["tokenId"]): Pick<Caller, "tokenId"> =>
  tokenId === undefined ? {} : { tokenId };

/** The caller, as the trail knows him. */
export const doerOf = ({
  accountId,
  userName,
  tokenId,
}: Pick<Caller, "accountId" | "userName" | "tokenId">): Doer => ({
  kind: "user",
  accountId,
  userName,
  ...byToken(tokenId),
});

/** What the caller of an operation does. */
export const callDeed = (operation: string, { caller, address, requestId }: Call): Deed => ({
  doer: doerOf(caller),
  operation,
  address,
  requestId,
});

/** Bytes come without a login: they are of whoever made the session, since he alone was given their address. */
export const uploadDeed = ({ id, name, tokenId }: SessionOwner, origin: Origin): Deed => ({
  doer: { kind: "user", accountId: id, userName: fullUserName(name), ...byToken(tokenId) },
  operation: UPLOAD_OPERATION,
  address: origin.address,
  requestId: origin.requestId,
});

/** Bytes that the server pulls are of whoever made the session as well: he had them pulled. They come by no request. (S109) */
export const pullDeed = ({
  ownerId,
  ownerName,
  tokenId,
}: Pick<UpdateSession, "ownerId" | "ownerName" | "tokenId">): Deed => ({
  doer: {
    kind: "user",
    accountId: ownerId,
    userName: fullUserName(ownerName),
    ...byToken(tokenId),
  },
  operation: UPLOAD_OPERATION,
});

/** What the server does by itself, e.g. `server.expire`. */
export const serverDeed = (operation: ServerOperation): Deed => ({
  doer: { kind: "server" },
  operation,
});
