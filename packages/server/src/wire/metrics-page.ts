import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Caller, Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import type { Exposition } from "../ports/index.ts";
import { CHALLENGE, entryOf, faultReply } from "./fault-reply.ts";
import { credentialsOf, requireCaller } from "./login.ts";
import type { Reach } from "./reach.ts";
import type { Reply } from "./reply.ts";
import { headerOf } from "./request-head.ts";

/** Where the figures are, on the server's own port and on one of their own. */
export const METRICS_PATH = "/metrics";

/** What the page is made of. */
export interface MetricsPageParts {
  readonly exposition: Exposition;
  readonly app: Pick<App, "logins" | "watching">;
  readonly reach: Reach;
}

/** The reply that shows all figures. */
export const figuresReply = async (exposition: Exposition): Promise<Reply> => {
  const bytes = Buffer.from(await exposition.render());
  return {
    status: 200,
    content: { type: exposition.contentType, bytes },
    headers: { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" },
  };
};

const refusalOf = ({ values }: Fault): Reply => {
  const [first] = values;
  const isUnknown = first !== undefined && entryOf(first).class === "unauthenticated";
  return faultReply("api", values, isUnknown ? { headers: { "WWW-Authenticate": CHALLENGE } } : {});
};

/**
 * The figures of the server for those who may see all of it. Who comes every few seconds shows name and password, or a token, each
 * time, so that no login is made for it; a login that is there does as well.
 */
export class MetricsPage {
  readonly #parts: MetricsPageParts;

  constructor(parts: MetricsPageParts) {
    this.#parts = parts;
  }

  /** The reply to GET or HEAD. Rejects where figures can not be made at all. */
  async answer(request: IncomingMessage, requestId: string): Promise<Reply> {
    const { app, exposition, reach } = this.#parts;
    try {
      const origin = reach.originOf(request, requestId);
      await app.watching.expectWatcher(await this.#callerOf(request, origin), origin);
    } catch (error) {
      if (error instanceof Fault) return refusalOf(error);
      throw error;
    }
    return await figuresReply(exposition);
  }

  async #callerOf(request: IncomingMessage, origin: Origin): Promise<Caller> {
    const { app, reach } = this.#parts;
    const authorization = headerOf(request, "authorization");
    if (authorization === null)
      return await requireCaller(request, app.logins, {
        reached: { baseUrl: () => reach.baseUrlOf(request) },
        isStream: false,
      });
    const credentials = credentialsOf(authorization);
    if (credentials === null) throw new Fault(faultOf("login.refused"));
    return await app.logins.prove(credentials, origin);
  }
}
