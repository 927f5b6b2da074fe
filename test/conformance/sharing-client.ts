import { type AnswerTo, Client } from "./client.ts";
import type { Asking } from "./forms.ts";

/** Which sessions somebody makes himself. */
export type OwnSessions = "none" | "downloads" | "all";

/** Whose world it is beside the administrator's. */
export interface Sharing {
  /** Called with the id of each library that is made, before anything is done with it. */
  share(libraryId: string): Promise<void>;
  /** Who makes and handles the sessions, and which; the administrator does all the rest. */
  readonly owner: Client;
  readonly ownSessions: OwnSessions;
}

const makesLibrary = ({ method, path, rpc }: Asking<unknown>): boolean =>
  rpc === undefined
    ? method === "POST" && /\/(?:local|subscribed)-library(?:\?client_token=[^&]*)?$/.test(path)
    : /\.(?:local|subscribed)_library$/.test(rpc.service) && rpc.operation === "create";

const isAbout = (kind: "update" | "download", { path, rpc }: Asking<unknown>): boolean =>
  new RegExp(`${kind}[-_]?session`).test(rpc?.service ?? path);

/** An administrator who shares each library with somebody, and leaves sessions to him where they are to be his own. */
export class SharingClient extends Client {
  readonly #sharing: Sharing;

  constructor(administrator: Client, sharing: Sharing) {
    super(administrator.form, administrator.url, administrator.loginId);
    this.#sharing = sharing;
  }

  override async done<Asked extends Asking<unknown>>(asking: Asked): Promise<AnswerTo<Asked>> {
    if (this.#isOwn(asking)) return await this.#sharing.owner.done(asking);
    const answer = await super.done(asking);
    if (makesLibrary(asking)) await this.#sharing.share(String(answer));
    return answer;
  }

  #isOwn(asking: Asking<unknown>): boolean {
    const { ownSessions } = this.#sharing;
    if (ownSessions === "none") return false;
    return isAbout("download", asking) || (ownSessions === "all" && isAbout("update", asking));
  }
}
