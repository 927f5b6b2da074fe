import type { OperationOutput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { hasLapsed } from "../../domain/expiry.ts";
import type { Instant, UpdateSessionId } from "../../domain/ids.ts";
import { parseUpdateSessionId } from "../../domain/ids.ts";
import { checkVisible } from "../../domain/update-session/guard.ts";
import type { SignerFacts } from "../../domain/package.ts";
import { previewOf } from "../../domain/update-session/preview.ts";
import type { PreviewInfo } from "../../domain/update-session/preview.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Row, SessionRow } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";
import { presentMessage, presentTime, presentVersion } from "../present.ts";
import type { EndingCore } from "./expire.ts";
import { expireSession } from "./expire.ts";

/** What it takes to look at a session: one whose time is up is ended on the way. */
export type SessionCore = EndingCore & Pick<Core, "deeds">;

/** The session with the expiry that holds now: bytes that move and the floor count, stored or not. */
export const current = <Session extends UpdateSession>(
  core: Pick<Core, "live" | "time">,
  session: Session,
): Session => {
  if (session.state !== "ACTIVE") return session;
  const activeAt = core.live.activeAt(session.id, core.time.now());
  const byBytes: Instant = activeAt === null ? 0 : activeAt + core.time.timeoutMs;
  const expiresAt = Math.max(session.expiresAt, core.time.floorAt, byBytes);
  return expiresAt === session.expiresAt ? session : { ...session, expiresAt };
};

const sessionNotFound = (idText: string): Fault =>
  new Fault(faultOf("update_session.not_found", idText));

const sessionIdOf = (idText: string): UpdateSessionId => {
  const id = parseUpdateSessionId(idText);
  if (id === null) throw sessionNotFound(idText);
  return id;
};

const isOver = (core: SessionCore, session: UpdateSession): boolean =>
  hasLapsed(session, core.time.now());

/** The session and its files. One whose time is up is ended on the spot and is not found, like one that expired before. */
export const loadSession = async (core: SessionCore, idText: string): Promise<SessionRow> => {
  const id = sessionIdOf(idText);
  for (;;) {
    const row = await core.catalog.findSession(id);
    if (row === null) throw sessionNotFound(idText);
    const session = orFault(checkVisible(current(core, row.value)));
    if (!isOver(core, session)) return { ...row, value: session };
    await expireSession(core, { value: session, rev: row.rev });
  }
};

/** The session alone, for operations that do not look at files. */
export const loadSessionHead = async (
  core: SessionCore,
  idText: string,
): Promise<Row<UpdateSession>> => {
  const id = sessionIdOf(idText);
  for (;;) {
    const row = await core.catalog.findSessionHead(id);
    if (row === null) throw sessionNotFound(idText);
    const session = orFault(checkVisible(current(core, row.value)));
    if (!isOver(core, session)) return { value: session, rev: row.rev };
    await expireSession(core, { value: session, rev: row.rev });
  }
};

type Shown = OperationOutput<"updateSession.get">;

const presentSigner = ({
  issuer,
  subject,
  isSelfSigned,
  pem,
}: SignerFacts): NonNullable<NonNullable<Shown["preview_info"]>["certificate_info"]> => ({
  issuer,
  subject,
  self_signed: isSelfSigned,
  x509: pem,
});

/** A preview as the API shows it: warnings are there when it is available, and only then. (S18) */
const presentPreview = (preview: PreviewInfo): NonNullable<Shown["preview_info"]> => {
  const { state } = preview;
  if (state !== "AVAILABLE") return { state };
  const { warnings, signer, chain } = preview;
  return {
    state,
    warnings: warnings.map(({ type, message, ignored }) => ({
      type,
      message: presentMessage(message),
      ignored,
    })),
    ...(signer === undefined ? {} : { certificate_info: presentSigner(signer) }),
    ...(chain === undefined ? {} : { cert_chain: [...chain] }),
  };
};

/** The session as the API shows it, in whatever state; states that are never shown do not come this far. (S1, S3, S16) */
export const presentSession = (session: UpdateSession): Shown => {
  const visible = orFault(checkVisible(session));
  const preview = previewOf(visible);
  return {
    id: visible.id,
    library_item_id: visible.itemId,
    library_item_content_version: presentVersion(visible.itemContentVersion),
    client_progress: visible.clientProgress,
    state: visible.state,
    expiration_time: presentTime(visible.expiresAt),
    ...(visible.state === "ERROR" ? { error_message: presentMessage(visible.errorMessage) } : {}),
    ...(preview === null ? {} : { preview_info: presentPreview(preview) }),
    ...(visible.warningBehavior === undefined
      ? {}
      : {
          warning_behavior: visible.warningBehavior.map(({ type, ignored }) => ({ type, ignored })),
        }),
  };
};
