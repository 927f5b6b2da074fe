import { resolveItem } from "../address.ts";
import type { ItemPlace } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { confirm } from "../confirm.ts";
import { matchingItems } from "../matching-items.ts";
import { countOf, shellWord } from "../output.ts";
import { planItemRemoval, removalLines, removalSummary, seeSessions } from "../removal-plan.ts";
import type { ItemRemoval } from "../removal-plan.ts";

/** Options of `contentlib rm`. */
export interface RmOptions {
  readonly yes?: boolean;
  readonly plan?: boolean;
  /** Whether the addresses are patterns of items. */
  readonly match?: boolean;
}

/**
 * `contentlib rm ITEM...`: removes items with all their files and versions. All addresses are looked up before anything is
 * removed, and a person is asked first. With `--match` each is LIBRARY/PATTERN. With `--plan` it only tells what would go.
 */
export async function rm(
  context: CommandContext,
  addresses: readonly string[],
  { yes, plan, match = false }: RmOptions,
): Promise<void> {
  const { connect, output, signal } = context;
  const client = await connect();
  const places = new Map<string, ItemPlace>();
  for (const address of addresses) {
    const found = match
      ? await matchingItems(client, address, signal)
      : [await resolveItem(client, address, signal)];
    for (const place of found) places.set(place.item.id, place);
  }
  const sessions = await seeSessions(client, signal);
  const removals: ItemRemoval[] = [];
  for (const place of places.values())
    removals.push(await planItemRemoval(client, place, { sessions, signal }));
  if (plan) {
    output.result({ changed: false, would_remove: removals, sessions_of: sessions.whose }, [
      ...removals.flatMap(removalLines),
      ...(sessions.whose === "own" ? ["Sessions of others are not shown to you."] : []),
      "Nothing was removed.",
    ]);
    return;
  }
  const line = ["contentlib rm --yes", ...(match ? ["--match"] : []), ...addresses.map(shellWord)];
  if (!yes) await askFirst(context, removals, line.join(" "));
  for (const { id, address } of removals) {
    await client.item.delete({ library_item_id: id }, { signal });
    output.note(`${shellWord(address)} removed.`);
  }
  output.result({ changed: true, removed: removals }, [
    `${countOf(removals.length, "item")} removed.`,
  ]);
}

async function askFirst(
  context: CommandContext,
  removals: readonly ItemRemoval[],
  line: string,
): Promise<void> {
  for (const removal of removals)
    context.output.note(`${shellWord(removal.address)}: ${removalSummary(removal)}`);
  await confirm(
    context,
    `Remove ${countOf(removals.length, "item")} for good?`,
    `If you mean it: ${line}`,
  );
}
