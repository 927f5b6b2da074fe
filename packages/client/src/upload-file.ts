import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { ConnectionError, LibraryError, ProtocolError, isRefusal, textOf } from "./errors.ts";
import { transferError } from "./refusal.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";
import type { TransferControl } from "./transfer.ts";
import type { UploadContext, UploadEvent, UploadFile } from "./upload-options.ts";
import type { SendReply } from "./upload-source.ts";

/** Pause between two looks at a file the server still checks, in milliseconds. */
const CHECK_PAUSE_MS = 500;

/** Adds one file, sends its bytes, and answers once the server holds them READY and their digests agree. */
export async function sendFile(
  context: UploadContext,
  sessionId: string,
  file: UploadFile,
  control: TransferControl<UploadEvent>,
  onProgress: (sentBytes: number) => void,
): Promise<UpdateSessionFileInfo> {
  const { signal } = control;
  const { sizeBytes } = file.source;
  const added = await context.services.updateSessionFiles.add(
    {
      update_session_id: sessionId,
      file_spec: {
        name: file.name,
        source_type: "PUSH",
        ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
        ...(file.checksum === undefined ? {} : { checksum_info: file.checksum }),
      },
    },
    { signal, effect: "idempotent" },
  );
  const url = added.upload_endpoint?.uri;
  if (url === undefined)
    throw new ProtocolError(`The server gave no upload_endpoint for ${file.name}.`, {
      operation: "upload",
    });
  const reply = await sendBytes(context, sessionId, file, url, control, onProgress);
  const info = await awaitReady(context, sessionId, file.name, signal);
  compareDigests(file, reply, info);
  return info;
}

/** Sends the bytes, again from the first one where the connection breaks and the source can be read again. */
async function sendBytes(
  context: UploadContext,
  sessionId: string,
  file: UploadFile,
  url: string,
  control: TransferControl<UploadEvent>,
  onProgress: (sentBytes: number) => void,
): Promise<SendReply> {
  const { system, retriesMax } = context;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const reply = await file.source.send({ url, signal: control.signal, system, onProgress });
      if (reply.status >= 200 && reply.status < 300) return reply;
      throw transferError(reply, "upload");
    } catch (error) {
      const isBroken = error instanceof ConnectionError && error.untrustedOrigin === undefined;
      const mayResend = isBroken || isRefusal(error, "service_unavailable");
      if (!mayResend) throw error;
      const judged = await judgedBy(context, sessionId, file.name, control.signal);
      if (judged !== undefined) throw judged;
      if (!file.source.isReplayable || attempt >= retriesMax) throw error;
      control.emit({ type: "resending", fileName: file.name, reason: textOf(error) });
      await system.sleep(RETRY_PAUSE_FIRST_MS * 2 ** attempt, control.signal);
    }
  }
}

/** A server that refuses bytes early may cut the connection before its answer is read; the file's get has the reason. */
async function judgedBy(
  context: UploadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<LibraryError | undefined> {
  const info = await context.services.updateSessionFiles.get(
    { update_session_id: sessionId, file_name: fileName },
    { signal },
  );
  return info.status === "ERROR" ? fileError(info) : undefined;
}

const fileError = (info: UpdateSessionFileInfo): LibraryError => {
  const text = info.error_message ?? {
    id: "",
    default_message: `The server can not use ${info.name}.`,
    args: [],
  };
  const message = { id: text.id, default_message: text.default_message, args: text.args };
  return new LibraryError(
    { class: "invalid_argument", messages: [message], status: 400 },
    { operation: "upload" },
  );
};

async function awaitReady(
  context: UploadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<UpdateSessionFileInfo> {
  for (;;) {
    const info = await context.services.updateSessionFiles.get(
      { update_session_id: sessionId, file_name: fileName },
      { signal },
    );
    if (info.status === "READY") return info;
    if (info.status === "ERROR") throw fileError(info);
    if (info.status === "WAITING_FOR_TRANSFER") {
      throw new ProtocolError(`The server took ${fileName} but waits for it still.`, {
        operation: "upload",
      });
    }
    await context.system.sleep(CHECK_PAUSE_MS, signal);
  }
}

function compareDigests(file: UploadFile, reply: SendReply, info: UpdateSessionFileInfo): void {
  const here = reply.digest;
  const there = info.checksum_info;
  if (here === undefined || there === undefined || here.algorithm !== (there.algorithm ?? "SHA1"))
    return;
  if (here.checksum.toLowerCase() === there.checksum.toLowerCase()) return;
  const message = `${file.name} was damaged on its way: ${here.algorithm} ${here.checksum} was sent, and the server holds ${there.checksum}.`;
  throw new ProtocolError(message, { operation: "upload" });
}
