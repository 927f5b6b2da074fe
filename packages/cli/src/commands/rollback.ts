import { itemAddress } from "../address-form.ts";
import { resolveItem } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { namingPlace } from "../named-refusal.ts";
import { oneLine, shellWord } from "../output.ts";

/** Options of `contentlib rollback`. */
export interface RollbackOptions {
  readonly to?: string;
  readonly message?: string;
}

/** `contentlib rollback LIBRARY/ITEM [--to N]`: the files of an earlier content version, as a new one; no bytes move. */
export async function rollback(
  { connect, output, signal }: CommandContext,
  address: string,
  { to, message }: RollbackOptions,
): Promise<void> {
  const client = await connect();
  const { library, item } = await resolveItem(client, address, signal);
  const wish = {
    client_token: crypto.randomUUID(),
    library_item: item.id,
    ...(to === undefined ? {} : { version: to }),
    ...(message === undefined ? {} : { message }),
  };
  const version = await namingPlace(
    { library, item, version: to ?? null },
    async () => await client.itemVersion.rollback(wish, { signal }),
  );
  const made = { library_item: item.id, version };
  const change = await client.itemChange.get(made, { signal });
  const after = await client.item.get({ library_item_id: item.id }, { signal });
  const shown = itemAddress(library.name, item.name);
  const owner = { id: library.id, name: library.name };
  output.result({ changed: true, address: shown, library: owner, item: after, version, change }, [
    `${shellWord(shown)} is at content version ${version}. ${oneLine(change.message ?? "")}`.trim(),
  ]);
}
