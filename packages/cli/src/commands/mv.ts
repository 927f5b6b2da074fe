import { itemAddress } from "../address-form.ts";
import { resolveItem, resolveTarget } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { shellWord } from "../output.ts";

/**
 * `contentlib mv SRC DST`: gives an item another name in its library; its id stays. An item can not change its library, so
 * that is refused with the line that does it in two steps.
 */
export async function mv(
  { connect, output, signal }: CommandContext,
  source: string,
  destination: string,
): Promise<void> {
  const client = await connect();
  const { library, item } = await resolveItem(client, source, signal);
  const target = await resolveTarget(client, destination, signal);
  const from = itemAddress(library.name, item.name);
  const name = target.itemName;
  const address = itemAddress(target.library.name, name);
  if (target.library.id !== library.id) {
    throw new Failure(
      EXIT_CODES.refused,
      `${from} can not go to another library and stay the same item.`,
      `Copy it and remove it: contentlib cp ${shellWord(from)} ${shellWord(address)} && contentlib rm --yes ${shellWord(from)}`,
    );
  }
  if (target.item !== null && target.item.id !== item.id) {
    throw new Failure(
      EXIT_CODES.refused,
      `${address} exists already.`,
      `Remove it first: contentlib rm ${shellWord(address)}`,
    );
  }
  const changed = name !== item.name;
  if (changed) {
    const update = { library_item_id: item.id, update_spec: { name } };
    await client.item.update(update, { signal });
  }
  const after = await client.item.get({ library_item_id: item.id }, { signal });
  const report = { changed, address, library: { id: library.id, name: library.name }, item: after };
  output.result(report, [
    changed
      ? `${shellWord(from)} is now ${shellWord(address)}.`
      : `${shellWord(address)} has that name already.`,
  ]);
}
