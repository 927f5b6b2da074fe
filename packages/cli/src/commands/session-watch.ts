import type { ServerEvent } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { followSession, isEnd } from "../follow-session.ts";
import { startLiveLine } from "../live-line.ts";
import { formatBytes, formatDuration, oneLine } from "../output.ts";
import { getSession } from "../session.ts";

/** How often the figures of a file become a line of their own where there is no terminal, in milliseconds. */
const FIGURES_PERIOD_MS = 10_000;

/**
 * `contentlib session watch ID`: tells what happens in an update session until it ends, as it happens. As JSON a line for each
 * event, as the API has it. Ends well only if the session does.
 */
export async function sessionWatch(context: CommandContext, id: string): Promise<void> {
  const { connect, output, streams, signal } = context;
  const client = await connect();
  const { kind } = await getSession(client, id, signal);
  if (kind === "download") {
    throw new Failure(
      EXIT_CODES.usage,
      `Session ${id} is a download, and only updates can be watched.`,
      `Look at it: contentlib session show ${id}`,
    );
  }
  const figures = startLiveLine(output, streams.stderr);
  let figuresAt = 0;
  let end: ServerEvent | undefined;
  try {
    for await (const event of followSession(context, client, id)) {
      const isFigures = event.kind === "PROGRESS";
      if (isFigures && figures.isShown) figures.show(lineOf(event));
      else if (
        !isFigures ||
        output.isJson ||
        Date.parse(event.time) >= figuresAt + FIGURES_PERIOD_MS
      ) {
        if (isFigures) figuresAt = Date.parse(event.time);
        figures.clear();
        output.entry(event, [lineOf(event)]);
      }
      if (isEnd(event)) end = event;
    }
  } finally {
    figures.clear();
  }
  if (end?.state === "DONE") return;
  const why = end?.error_message?.default_message;
  const how = end?.kind === "SESSION_GONE" ? "expired" : `ended as ${end?.state ?? "unknown"}`;
  throw new Failure(
    EXIT_CODES.refused,
    `Session ${id} ${how}${why === undefined ? "." : `: ${why}`}`,
  );
}

/** One event as one line. */
function lineOf(event: ServerEvent): string {
  const time = event.time.slice(11, 19);
  const parts = [time, event.file_name ?? "session", stateOf(event), bytesOf(event)];
  const error = event.error_message?.default_message;
  return oneLine([...parts, error ?? ""].filter((part) => part !== "").join("  "));
}

function stateOf(event: ServerEvent): string {
  switch (event.kind) {
    case "STALLED":
      return `STALLED for ${formatDuration((event.stalled_seconds ?? 0) * 1_000)}`;
    case "RESUMED":
      return "RESUMED";
    case "FILE_REMOVED":
      return "REMOVED";
    case "SESSION_GONE":
      return "GONE";
    case "GAP":
      return "some events were lost; this is how it stands now";
    case "SESSION_CREATED":
    case "SESSION_STATE":
    case "FILE_ADDED":
    case "FILE_STATUS":
    case "PROGRESS":
      return event.file_status ?? event.state ?? "";
  }
}

function bytesOf({ bytes_transferred: bytes, size, bytes_per_second: rate }: ServerEvent): string {
  if (bytes === undefined) return "";
  const of = size === undefined ? "" : ` of ${formatBytes(size)}`;
  const left =
    size === undefined || !rate ? "" : `, ${formatDuration(((size - bytes) / rate) * 1_000)} left`;
  return `${formatBytes(bytes)}${of}${rate === undefined ? "" : `, ${formatBytes(rate)}/s${left}`}`;
}
