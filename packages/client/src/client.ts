import { baseUrlOf } from "./base-url.ts";
import { makeCaller } from "./call.ts";
import type { Caller } from "./call.ts";
import { DEADLINE_MS, RETRIES_MAX, TIMEOUT_MS } from "./client-options.ts";
import type { ClientOptions } from "./client-options.ts";
import { startDownload } from "./download.ts";
import type { DownloadEvent, DownloadOptions, DownloadResult } from "./download-options.ts";
import { endpointHeaders } from "./endpoint-login.ts";
import type { Identity } from "./login-keeper.ts";
import { followServerMake } from "./server-make.ts";
import { followServerClock } from "./server-clock.ts";
import { startPush } from "./push.ts";
import type { PushEvent, PushOptions, PushResult } from "./push-options.ts";
import { makeServices } from "./services/services.ts";
import type { Services } from "./services/services.ts";
import { systemOf } from "./system.ts";
import type { Transfer } from "./transfer.ts";
import { startUpload } from "./upload.ts";
import type { UploadEvent, UploadOptions, UploadResult } from "./upload-options.ts";

/** A client of one server, as one user. Its services mirror the API's; `upload` and `download` are made of them. */
export interface Client extends Services {
  /** Changes the files of an item: a session, the bytes, and complete; or, on any failure, fail. */
  upload(options: UploadOptions): Transfer<UploadEvent, UploadResult>;
  /**
   * Puts files into an item that is named, and made where it is missing, as one new content version. What was interrupted is
   * gone on with by the same call. Its errors are PushErrors.
   */
  push(options: PushOptions): Transfer<PushEvent, PushResult>;
  /** Reads files of an item, all of one content version. */
  download(options: DownloadOptions): Transfer<DownloadEvent, DownloadResult>;
  /**
   * The version of the server where it is one of contentlib, else null. `upload` asks it by itself: going on where an upload
   * broke off is what no other server has.
   */
  serverVersion(signal?: AbortSignal): Promise<string | null>;
  /** The id of the login, made if there is none yet. */
  loginId(signal?: AbortSignal): Promise<string>;
  /** Ends the login this client made, if it made one, within a time in milliseconds. Calls after it make a new one. */
  close(timeoutMs?: number): Promise<void>;
}

/** How long the server may take to hear that a login has ended, in milliseconds. */
const LOGOUT_TIMEOUT_MS = 5_000;

/** Makes a client. Nothing is sent before the first call. Throws TypeError where the options contradict each other. */
export function createClient(options: ClientOptions): Client {
  const serverUrl = baseUrlOf(options.url);
  const system = options.system ?? systemOf(options.fetch);
  const serverClock = followServerClock(system);
  const serverMake = followServerMake();
  const { retryForMs } = options;
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const retriesMax = options.retriesMax ?? RETRIES_MAX;
  const caller = makeCaller({
    url: serverUrl,
    wire: options.wire ?? "api",
    identity: identityOf(options),
    timeoutMs,
    // Where only the time counts, the first attempt still has all of its own.
    deadlineMs:
      retryForMs === undefined
        ? (options.deadlineMs ?? DEADLINE_MS)
        : Math.max(retryForMs, timeoutMs),
    retriesMax: retryForMs === undefined ? retriesMax : Infinity,
    system,
    noteServerTime: serverClock.note,
    noteVersion: serverMake.note,
  });
  const services = makeServices(caller.call);
  const serverVersion = async (signal?: AbortSignal): Promise<string | null> =>
    await serverMake.version(caller.call, signal);
  const isOurs = async (signal: AbortSignal): Promise<boolean> =>
    (await serverVersion(signal)) !== null;
  const context = {
    serverUrl,
    services,
    system,
    serverClock,
    retriesMax,
    retryForMs,
    isOurs,
    endpointHeaders: endpointHeaders({
      serverUrl: options.url,
      isOurs,
      loginId: caller.login.loginId,
    }),
  };
  return {
    ...services,
    push: (push) => startPush(context, push),
    upload: (upload) => startUpload(context, upload),
    download: (download) => startDownload(context, download),
    serverVersion,
    loginId: async (signal) => await caller.login.loginId(signal),
    close: async (limitMs = LOGOUT_TIMEOUT_MS) => await logOut(caller, limitMs),
  };
}

async function logOut({ call, login }: Caller, timeoutMs: number): Promise<void> {
  const loginId = login.ownLoginId();
  if (loginId === undefined) return;
  const limits = { timeoutMs, deadlineMs: timeoutMs, retriesMax: 0 };
  await call("login.delete", {}, limits).finally(() => login.replace(loginId));
}

function identityOf({ credentials, token, loginId }: ClientOptions): Identity {
  const given = [credentials, token, loginId].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new TypeError("A client needs one of credentials, token and loginId, and only one.");
  }
  if (credentials !== undefined) return { kind: "credentials", credentials };
  return token === undefined ? { kind: "login", loginId: loginId ?? "" } : { kind: "token", token };
}
