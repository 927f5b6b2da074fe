import assert from "node:assert/strict";
import { Fault } from "@contentlib/server/app/fault";
import type { Ports } from "@contentlib/server/app/ports";
import { sourceOf } from "../bytes/byte-sources.ts";
import { aCall } from "./app-rig.ts";
import type { RigStorage } from "./app-rig.ts";
import { SessionRig } from "./session-rig.ts";

/** What came of a file that was sent: its status, and the text of its refusal where it was refused. */
export interface SentFile {
  readonly status: string;
  readonly refusal: string | null;
}

/** A session rig whose item is of a type that the server looks into. */
export const openPackageRig = async (
  around?: (storage: RigStorage) => RigStorage,
  type = "ovf",
  ports: Partial<Ports> = {},
): Promise<SessionRig> => {
  const rig = await SessionRig.open(around, ports);
  await typed(rig, type);
  return rig;
};

/** Gives the item of the rig a type, and a session that was made under it. */
export const typed = async (rig: SessionRig, type: string): Promise<void> => {
  await rig.cancel();
  const update_spec = { type };
  await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
  await rig.openSession();
};

/** Sends a file that was added, and tells what came of it. */
export const sendAdded = async (
  rig: SessionRig,
  added: Awaited<ReturnType<SessionRig["add"]>>,
  content: string | Uint8Array,
): Promise<SentFile> => {
  let refusal: string | null = null;
  try {
    await rig.send(added, typeof content === "string" ? content : sourceOf([content]));
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    refusal = error.message;
  }
  const { status, error_message } = await rig.file(added.name);
  if (refusal !== null) assert.equal(error_message?.default_message, refusal);
  return { status, refusal };
};

/** Adds a file, sends it, and tells what came of it. */
export const push = async (
  rig: SessionRig,
  name: string,
  content: string | Uint8Array,
): Promise<SentFile> => await sendAdded(rig, await rig.add(name), content);

/** Pushes files one after the other, in their order. */
export const pushAll = async (
  rig: SessionRig,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, SentFile>> => {
  const sent: Record<string, SentFile> = {};
  for (const [name, content] of Object.entries(files)) sent[name] = await push(rig, name, content);
  return sent;
};

/** What validate says, with the texts of what is invalid. */
export const validated = async (
  rig: SessionRig,
): Promise<{
  readonly missing: readonly string[];
  readonly invalid: Readonly<Record<string, string>>;
}> => {
  const found = await rig.handlers["updateSessionFile.validate"](
    { update_session_id: rig.sessionId },
    aCall(),
  );
  const invalid = found.invalid_files.map(
    ({ name, error_message }) => [name, error_message.default_message] as const,
  );
  assert.equal(found.has_errors, found.missing_files.length + invalid.length > 0);
  return { missing: found.missing_files, invalid: Object.fromEntries(invalid) };
};

/** The preview of the session. */
export const previewOf = async (rig: SessionRig) => (await rig.session()).preview_info;
