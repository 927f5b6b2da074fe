export { certificateProblem } from "./certificate-problem.ts";
export { createClient } from "./client.ts";
export type { Client } from "./client.ts";
export type { CallOptions, ClientOptions, Credentials, Wire } from "./client-options.ts";
export { completeUpdateSession } from "./complete-update-session.ts";
export { MissingFileError } from "./download-options.ts";
export type {
  DownloadEvent,
  DownloadOptions,
  DownloadResult,
  DownloadSink,
  FileSink,
  IncomingFile,
} from "./download-options.ts";
export {
  AbortedError,
  ClientError,
  ConnectionError,
  DigestMismatchError,
  GatewayError,
  LibraryError,
  ProtocolError,
  TimeoutError,
  WarningsError,
  isRefusal,
} from "./errors.ts";
export type { PreviewSigner, PreviewWarning } from "./errors.ts";
export { keepAlive } from "./keep-alive.ts";
export type { KeepAlive, KeepAliveOptions } from "./keep-alive.ts";
export { OPERATION_IDS, TRAIL_OPERATIONS } from "./operation-ids.ts";
export { PushError } from "./push-error.ts";
export type { PushErrorCode, PushErrorOrigin, PushPlace } from "./push-error.ts";
export type { PushEvent, PushOptions, PushResult } from "./push-options.ts";
export { requireSendable } from "./require-sendable.ts";
export type { Sendable } from "./require-sendable.ts";
export { indexedDbResumeStore } from "./indexed-db-resume-store.ts";
export { notedSession } from "./push-notes.ts";
export { memoryResumeStore } from "./resume-store.ts";
export type { ResumeFile, ResumeState, ResumeStore } from "./resume-store.ts";
export { makeServices } from "./services/services.ts";
export type * from "./services/services.ts";
export { systemOf } from "./system.ts";
export type { System } from "./system.ts";
export { connectionError } from "./transport.ts";
export type { Transfer } from "./transfer.ts";
export { sendingError } from "./send-bytes.ts";
export { blobSource, remoteSource, streamSource } from "./upload-source.ts";
export type { ResumableSending, SendReply, SendRequest, UploadSource } from "./upload-source.ts";
export type { UploadEvent, UploadFile, UploadOptions, UploadResult } from "./upload-options.ts";
export type * from "@contentlib/contract";
