import type { OperationInput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { AuditCriteria } from "../../domain/audit-entry.ts";
import { fullUserName, parseAccountName, USER_DOMAIN } from "../../domain/account-name.ts";
import type { Instant } from "../../domain/ids.ts";
import { parseInstant } from "../../domain/instant.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { presentPage } from "./present-audit.ts";

type Wish = OperationInput<"audit.list">;

/** How many entries are answered to who does not say how many, and at most. */
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

const CURSOR = /^[1-9]\d{0,14}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const invalid = (parameter: string, reason: string): Fault =>
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

/** Ids are kept in lower case; anything else is compared as it is. */
const idFrom = (text: string | undefined): string | undefined =>
  text !== undefined && UUID.test(text) ? text.toLowerCase() : text;

const criteriaIn = (wish: Wish): AuditCriteria =>
  given({
    event: wish.event,
    operation: wish.operation,
    userName: userNameIn(wish),
    tokenId: idFrom(wish.token_id),
    address: wish.address,
    requestId: wish.request_id,
    objectId: idFrom(wish.object_id),
    since: instantIn(wish, "since"),
    until: instantIn(wish, "until"),
  });

const beforeIn = ({ before }: Wish): number | null => {
  if (before === undefined) return null;
  if (!CURSOR.test(before)) throw invalid("before", "no part of the trail ended there");
  return Number(before);
};

const limitIn = ({ limit = LIMIT_DEFAULT }: Wish): number => {
  if (limit < 1 || limit > LIMIT_MAX) throw invalid("limit", `it is not from 1 to ${LIMIT_MAX}`);
  return limit;
};

/** What was refused a moment ago is told as well. */
export const listAudit =
  ({ catalog, refusals }: Pick<Core, "catalog" | "refusals">): Handler<"audit.list"> =>
  async (wish) => {
    const criteria = criteriaIn(wish);
    const page = { before: beforeIn(wish), limit: limitIn(wish) };
    await refusals.write();
    return presentPage(await catalog.listAudit(criteria, page));
  };
