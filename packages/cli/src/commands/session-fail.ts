import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { getSession } from "../session.ts";

/** Options of `contentlib session fail`. */
export interface SessionFailOptions {
  readonly message?: string;
}

/** `contentlib session fail ID -m TEXT`: ends an ACTIVE session as failed, for the reason given; one that has ended stays so. */
export async function sessionFail(
  { connect, output, signal }: CommandContext,
  id: string,
  { message }: SessionFailOptions,
): Promise<void> {
  if (message === undefined || message.trim() === "") {
    throw new Failure(
      EXIT_CODES.usage,
      "Why has the session failed?",
      'Say it: contentlib session fail ID -m "the disk of the build machine is full"',
    );
  }
  const client = await connect();
  const { kind, session } = await getSession(client, id, signal);
  const changed = session.state === "ACTIVE";
  const input = { client_error_message: message };
  if (changed && kind === "update")
    await client.updateSession.fail({ update_session_id: id, ...input }, { signal });
  else if (changed)
    await client.downloadSession.fail({ download_session_id: id, ...input }, { signal });
  const after = await getSession(client, id, signal);
  const line = changed
    ? `Session ${id} failed; its item is free, and as it was.`
    : `Session ${id} had ended already: ${session.state}.`;
  output.result({ changed, kind, session: after.session }, [line]);
}
