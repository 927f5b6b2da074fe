import type { OperationInput } from "@contentlib/contract";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { criteriaIn, invalid } from "./criteria.ts";
import { presentPage } from "./present-audit.ts";

type Wish = OperationInput<"audit.list">;

/** How many entries are answered to who does not say how many, and at most. */
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

const CURSOR = /^[1-9]\d{0,14}$/;

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
