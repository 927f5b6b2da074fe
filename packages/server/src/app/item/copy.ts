import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import { itemNameTaken } from "../../domain/plan-item.ts";
import { planItemCopy } from "../../domain/plan-item-copy.ts";
import type { ItemCopy } from "../../domain/plan-item-copy.ts";
import { revisionsKeptIn } from "../../domain/revision.ts";
import type { Change, Row } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectPolicyOf, loadItem } from "./access.ts";
import { itemWish } from "./wish.ts";

/** What the copy was decided on, and the copy. */
const changesOf = (
  { item, revision }: ItemCopy,
  on: { readonly source: Row<Item>; readonly library: Row<Library>; readonly kept: number },
): readonly Change[] => {
  const put: Change = { kind: "item.put", item, rev: null };
  if (revision === null) return [put];
  return [
    { kind: "item.expect", id: on.source.value.id, rev: on.source.rev },
    ...expectPolicyOf(item, on.library),
    put,
    { kind: "revision.put", revision, kept: on.kept },
  ];
};

/**
 * The copy refers to the bytes that the source has; none is moved. It is there whole, or not at all: the source still holds the
 * bytes in the very commit that makes the copy hold them too, so none can be collected in between (contract I14).
 */
export const copyItem =
  ({
    catalog,
    clock,
    ids,
    settings,
  }: Pick<Core, "catalog" | "clock" | "ids" | "settings">): Handler<"item.copy"> =>
  ({ client_token, source_library_item_id, destination_create_spec }, call) =>
    commitDecision(catalog, async () => {
      const key = clientTokenKey("item.copy", client_token, call);
      const first = await firstResult(catalog, key);
      if (first !== null) return { changes: [], result: first };
      const source = await loadItem(catalog, source_library_item_id);
      const library = await loadLibrary(catalog, destination_create_spec.library_id);
      const now = clock.now();
      const { id: sourceId, contentVersion } = source.value;
      const content = await catalog.findVerifiedContent(sourceId, contentVersion);
      const copy = orFault(
        planItemCopy({
          id: ids.itemId(),
          source: source.value,
          ...(content === null ? {} : { content }),
          library: library.value,
          wish: itemWish(destination_create_spec),
          userName: call.caller.userName,
          now,
        }),
      );
      const { id, name } = copy.item;
      return {
        // The token goes first: of two calls with the same one the second clashes over it, and not over the name.
        changes: [
          ...rememberResult(key, id, now),
          ...changesOf(copy, { source, library, kept: revisionsKeptIn(library.value, settings) }),
        ],
        result: id,
        refusals: { "item-name": itemNameTaken(name, library.value) },
      };
    });
