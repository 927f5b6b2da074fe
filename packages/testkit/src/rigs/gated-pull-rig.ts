import assert from "node:assert/strict";
import type { ScriptedFile, ScriptedRemote } from "../fakes/scripted-remote.ts";
import { serves } from "../fakes/scripted-remote.ts";
import { aCall } from "./app-rig.ts";
import type { StorageGates } from "./gated-rig.ts";
import { gatedRig } from "./gated-rig.ts";
import { typed } from "./package-rig.ts";
import type { PullRig } from "./pull-rig.ts";
import { DEPOT, openPullRig, until } from "./pull-rig.ts";

/** A rig that pulls, with gates in its storage. */
export type GatedPullRig = PullRig & StorageGates;

/** With an item of that type. */
export const openGatedPullRig = async (type = ""): Promise<GatedPullRig> => {
  const opened = Promise.withResolvers<PullRig>();
  const { rig, ...gates } = await gatedRig(async (around) => {
    const pulling = await openPullRig(around);
    opened.resolve(pulling);
    return pulling.session;
  });
  if (type !== "") await typed(rig, type);
  return { ...(await opened.promise), ...gates };
};

/** The address of a file at the depot. */
export const atDepot = (name: string): string => `${DEPOT}/${encodeURIComponent(name)}`;

/** The depot has these files from now on. */
export const serveAll = (
  remote: ScriptedRemote,
  files: Readonly<Record<string, string>>,
  more: Partial<ScriptedFile> = {},
): void => {
  for (const [name, content] of Object.entries(files))
    remote.at(atDepot(name), serves({ content, ...more }));
};

type Rig = Pick<PullRig, "session">;

/** Resolves once the session is ACTIVE no more, with what it is then. No time passes. */
export const endedSessionOf = async ({
  session: rig,
}: Rig): ReturnType<PullRig["session"]["session"]> => {
  let session = await rig.session();
  await until("the session has ended", async () => {
    session = await rig.session();
    return session.state !== "ACTIVE";
  });
  return session;
};

/** The session must end in ERROR; gives its message. */
export const errorOf = async (rig: Rig): Promise<string> => {
  const { state, error_message } = await endedSessionOf(rig);
  assert.equal(state, "ERROR");
  return error_message?.default_message ?? "";
};

/** Resolves once the file is READY or in ERROR, and gives which. No time passes. */
export const statusOf = async ({ session: rig }: Rig, name: string): Promise<string> => {
  let status = "";
  await until(`${name} is settled`, async () => {
    ({ status } = await rig.file(name));
    return status === "READY" || status === "ERROR";
  });
  return status;
};

/** The names of all files of the session, in order. */
export const fileNamesOf = async ({ session: rig }: Rig): Promise<readonly string[]> => {
  const { handlers, sessionId: update_session_id } = rig;
  const files = await handlers["updateSessionFile.list"]({ update_session_id }, aCall());
  return files.map(({ name }) => name);
};

/** The names of all files of the item, in order. */
export const itemNamesOf = async ({ session: rig }: Rig): Promise<readonly string[]> =>
  (await rig.itemFiles()).map(({ name }) => name);
