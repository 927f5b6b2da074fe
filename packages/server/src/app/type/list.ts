import { ITEM_TYPES } from "../../domain/item-types.ts";
import type { Handler } from "../call.ts";

/** What the server understands is the same for every caller, and needs no port. */
export const listTypes =
  (_core: unknown): Handler<"type.list"> =>
  async () =>
    ITEM_TYPES.map(({ supportedRules, ...support }) => ({
      ...support,
      ...(supportedRules.length === 0 ? {} : { supported_rules: supportedRules }),
    }));
