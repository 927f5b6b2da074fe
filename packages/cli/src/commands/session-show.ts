import type { Client } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";
import { formatBytes, shellWord, tableLines } from "../output.ts";
import { getSession, placeOf } from "../session.ts";
import type { Session } from "../session.ts";

interface SessionFile {
  readonly name: string;
  readonly status: string;
  readonly bytes_transferred: number;
  readonly size?: number;
  readonly source_type?: string;
  readonly checksum_info?: { readonly algorithm?: string; readonly checksum: string };
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
    ({ upload_endpoint: _, download_endpoint: __, source_endpoint: ___, ...file }) => file,
  );
  const place = await placeOf(client, session.library_item_id, signal);
  const lines = [
    ...tableLines(rowsOf(found, place)),
    ...(files.length === 0
      ? []
      : ["", ...tableLines([["FILE", "STATUS", "BYTES", "CHECKSUM"], ...files.map(fileRow)])]),
    ...files.flatMap(({ name, error_message }) =>
      error_message === undefined ? [] : [`${name}: ${error_message.default_message}`],
    ),
  ];
  output.result({ kind, place, session, files }, lines);
}

function rowsOf({ kind, session }: Session, place: string): readonly (readonly string[])[] {
  const isActive = session.state === "ACTIVE";
  const error = session.error_message?.default_message;
  return [
    ["session", `${session.id} (${kind})`],
    ["item", `${shellWord(place)} (${session.library_item_id})`],
    ["begun on version", session.library_item_content_version],
    ["state", session.state],
    ["progress", `${session.client_progress}%`],
    ...(isActive ? [["expires", session.expiration_time]] : []),
    ...(error === undefined ? [] : [["error", error]]),
  ];
}

type Endpoints = {
  readonly upload_endpoint?: object;
  readonly download_endpoint?: object;
  readonly source_endpoint?: object;
};

async function filesOf(
  client: Client,
  { kind, session }: Session,
  signal: AbortSignal,
): Promise<readonly (SessionFile & Endpoints)[]> {
  return kind === "update"
    ? await client.updateSessionFile.list({ update_session_id: session.id }, { signal })
    : await client.downloadSessionFile.list({ download_session_id: session.id }, { signal });
}

const fileRow = (file: SessionFile): readonly string[] => [
  file.name,
  file.source_type === "NONE" ? "stays as it is" : file.status,
  file.size === undefined
    ? formatBytes(file.bytes_transferred)
    : `${formatBytes(file.bytes_transferred)} of ${formatBytes(file.size)}`,
  file.checksum_info === undefined
    ? "-"
    : `${(file.checksum_info.algorithm ?? "SHA1").toLowerCase()}:${file.checksum_info.checksum}`,
];
