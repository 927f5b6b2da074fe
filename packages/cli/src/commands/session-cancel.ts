import type { CommandContext } from "../command-context.ts";
import { getSession } from "../session.ts";

/** `contentlib session cancel ID`: gives an ACTIVE session up; one that has ended stays as it ended. */
export async function sessionCancel(
  { connect, output, signal }: CommandContext,
  id: string,
): Promise<void> {
  const client = await connect();
  const { kind, session } = await getSession(client, id, signal);
  const changed = session.state === "ACTIVE";
  if (changed && kind === "update")
    await client.updateSession.cancel({ update_session_id: id }, { signal });
  else if (changed) await client.downloadSession.cancel({ download_session_id: id }, { signal });
  const after = await getSession(client, id, signal);
  const line = changed
    ? `Session ${id} canceled; its item is free.`
    : `Session ${id} had ended already: ${session.state}.`;
  output.result({ changed, kind, session: after.session }, [line]);
}
