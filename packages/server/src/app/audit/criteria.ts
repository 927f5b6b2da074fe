import type { OperationInput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { AuditCriteria } from "../../domain/audit-entry.ts";
import { fullUserName, parseAccountName, USER_DOMAIN } from "../../domain/account-name.ts";
import type { Instant } from "../../domain/ids.ts";
import { parseInstant } from "../../domain/instant.ts";
import { checkFileName } from "../../domain/names.ts";
import { isNetworkAddress } from "../../domain/network-address.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { isToldOperation } from "./told-operations.ts";

type Wish = OperationInput<"audit.list">;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Ids of certificates. */
const SHA256 = /^[0-9a-f]{64}$/i;

/** The fault of a parameter that nothing can meet; the reason ends a sentence. */
export const invalid = (parameter: string, reason: string): Fault =>
  new Fault(faultOf("access.invalid_property", parameter, reason));

const instantIn = (wish: Wish, parameter: "since" | "until"): Instant | undefined => {
  const text = wish[parameter];
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at === null) throw invalid(parameter, "it is no time like 2027-01-31T12:00:00.000Z");
  return at;
};

/** A name in any spelling of a user's, or one that was tried and is nobody's. */
const userNameIn = ({ user }: Wish): string | undefined => {
  if (user === undefined) return undefined;
  const name = parseAccountName(user, USER_DOMAIN);
  return name === null ? user : fullUserName(name);
};

const operationIn = ({ operation }: Wish): string | undefined => {
  if (operation !== undefined && !isToldOperation(operation))
    throw invalid(
      "operation",
      "it is neither the id of an operation, such as item.update, nor transfer.upload, several, server.start, server.expire or server.metrics",
    );
  return operation;
};

/** Ids are kept in lower case. */
const uuidIn = (wish: Wish, parameter: "token_id" | "request_id"): string | undefined => {
  const text = wish[parameter];
  if (text !== undefined && !UUID.test(text))
    throw invalid(parameter, "it is no id like 123e4567-e89b-12d3-a456-426614174000");
  return text?.toLowerCase();
};

/** A file in a session is told by its name, which is compared as it is. */
const objectIdIn = ({ object_id: text }: Wish): string | undefined => {
  if (text === undefined) return undefined;
  if (UUID.test(text) || SHA256.test(text)) return text.toLowerCase();
  const reason = checkFileName(text);
  if (reason !== null)
    throw invalid("object_id", `it is no id, nor the name of a file, since ${reason}`);
  return text;
};

const addressIn = ({ address }: Wish): string | undefined => {
  if (address !== undefined && !isNetworkAddress(address))
    throw invalid("address", "it is no address like 192.0.2.7 or 2001:db8::7");
  return address?.toLowerCase();
};

/** What is wanted of the trail. Throws `Fault` where nothing can ever meet it. */
export const criteriaIn = (wish: Wish): AuditCriteria =>
  given({
    event: wish.event,
    operation: operationIn(wish),
    userName: userNameIn(wish),
    tokenId: uuidIn(wish, "token_id"),
    address: addressIn(wish),
    requestId: uuidIn(wish, "request_id"),
    objectId: objectIdIn(wish),
    since: instantIn(wish, "since"),
    until: instantIn(wish, "until"),
  });
