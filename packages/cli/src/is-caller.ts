import type { Services } from "@contentlib/client";
import type { WhereOptions } from "./with-services.ts";

/** Whether the account of this id is the one that the command is logged in as; with `--data` it is logged in as nobody. */
export async function isCaller(
  { whoami }: Pick<Services, "whoami">,
  userId: string,
  { data }: WhereOptions,
  signal: AbortSignal,
): Promise<boolean> {
  return data === undefined && (await whoami.get({}, { signal })).user_id === userId;
}
