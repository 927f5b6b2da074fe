import type { Access } from "./access/access.ts";
import type { Refusals } from "./audit/refusals.ts";
import type { Handlers } from "./call.ts";
import type { DownloadProgress } from "./download-session/progress.ts";
import type { Exclusive } from "./exclusive.ts";
import type { LiveTransfers } from "./live-transfers.ts";
import type { LiveLogins } from "./login/logins.ts";
import type { PackageJudge } from "./packages/package-judge.ts";
import type { Ports, Settings } from "./ports.ts";
import type { ProbePace } from "./probe/probe-pace.ts";
import type { Secrets } from "./secrets/secrets.ts";
import type { Pulls } from "./pulls/pulls.ts";
import type { SessionTime } from "./session-time.ts";

/**
 * Everything operations are made of: the ports, and the state that lives only as long as the process. Its catalog tells the audit
 * trail of every commit, and there is no other one to commit to.
 */
export interface Core extends Ports {
  readonly settings: Settings;
  readonly time: SessionTime;
  readonly live: LiveTransfers;
  readonly exclusive: Exclusive;
  readonly downloads: DownloadProgress;
  readonly logins: LiveLogins;
  readonly access: Access;
  readonly refusals: Refusals;
  readonly probes: ProbePace;
  readonly secrets: Secrets;
  readonly packages: PackageJudge;
  readonly pulls: Pulls;
  /** Identity of this server instance; known once `recover` has run. */
  readonly server: { guid: string };
}

/** What makes the handler of each operation. Total: an operation without one does not compile. */
export type HandlerMakers = { readonly [Id in keyof Handlers]: (core: Core) => Handlers[Id] };
