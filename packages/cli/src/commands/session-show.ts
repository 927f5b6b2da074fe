import type { Client } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";
import { formatBytes, tableLines } from "../output.ts";
import { getSession, placeOf } from "../session.ts";
import type { Session } from "../session.ts";

interface SessionFile {
  readonly name: string;
  readonly status: string;
  readonly bytes_transferred: number;
  readonly error_message?: { readonly default_message: string };
}

/** `contentlib session show ID`: a session and its files. Transfer endpoints are left out: they are secrets. */
export async function sessionShow(
  { connect, output, signal }: CommandContext,
  id: string,
): Promise<void> {
  const client = await connect();
  const found = await getSession(client, id, signal);
  const { kind, session } = found;
  const files = (await filesOf(client, found, signal)).map(
    ({ upload_endpoint: _, download_endpoint: __, ...file }) => file,
  );
  const place = await placeOf(client, session.library_item_id, signal);
  const lines = [
    ...tableLines([
      ["session", `${session.id} (${kind})`],
      ["item", `${place} (${session.library_item_id})`],
      ["state", session.state],
      ["progress", `${session.client_progress}%`],
      ...(session.state === "ACTIVE" ? [["expires", session.expiration_time]] : []),
      ...(session.error_message === undefined
        ? []
        : [["error", session.error_message.default_message]]),
    ]),
    ...(files.length === 0
      ? []
      : ["", ...tableLines([["FILE", "STATUS", "BYTES"], ...files.map(fileRow)])]),
  ];
  output.result({ kind, place, session, files }, lines);
}

type Endpoints = { readonly upload_endpoint?: object; readonly download_endpoint?: object };

async function filesOf(
  client: Client,
  { kind, session }: Session,
  signal: AbortSignal,
): Promise<readonly (SessionFile & Endpoints)[]> {
  return kind === "update"
    ? await client.updateSessionFiles.list({ update_session_id: session.id }, { signal })
    : await client.downloadSessionFiles.list({ download_session_id: session.id }, { signal });
}

const fileRow = (file: SessionFile): readonly string[] => [
  file.name,
  file.error_message === undefined
    ? file.status
    : `${file.status}: ${file.error_message.default_message}`,
  formatBytes(file.bytes_transferred),
];
