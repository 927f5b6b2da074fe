import { readPour } from "../bytes/read-blob.ts";
import { withScratchDirectory } from "../disk/scratch-directory.ts";
import { aCall, diskStorage, segmentOf } from "./app-rig.ts";
import { openPackageRig, typed } from "./package-rig.ts";
import { SessionRig } from "./session-rig.ts";

/** A store on which a test of archives runs. */
export interface ArchiveStore {
  readonly name: string;
  run(body: (rig: SessionRig) => Promise<void>): Promise<void>;
}

/** A rig for packages in memory. */
export const withArchiveRig = async (body: (rig: SessionRig) => Promise<void>): Promise<void> =>
  await body(await openPackageRig());

/** Rigs for packages, in memory and on a disk. */
export const ARCHIVE_STORES: readonly ArchiveStore[] = [
  { name: "in memory", run: withArchiveRig },
  {
    name: "on a disk",
    run: (body) =>
      withScratchDirectory(async (directory) => {
        const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
        try {
          await typed(rig, "ovf");
          await body(rig);
        } finally {
          await rig.storage.close();
        }
      }),
  },
];

/** Trusts a signer who signed himself, and lets the session of the rig ignore that he did. */
export const trustSigner = async (rig: SessionRig, cert_text: string): Promise<void> => {
  await rig.handlers["trustedCertificate.create"]({ spec: { cert_text } }, aCall());
  const warning_behavior = [{ type: "SELF_SIGNED_CERTIFICATE" as const, ignored: true }];
  await rig.handlers["updateSession.update"](
    { update_session_id: rig.sessionId, update_spec: { warning_behavior } },
    aCall(),
  );
};

/** Takes a file out of the session of the rig. */
export const removeFrom = async (rig: SessionRig, file_name: string): Promise<void> => {
  const update_session_id = rig.sessionId;
  await rig.handlers["updateSessionFile.remove"]({ update_session_id, file_name }, aCall());
};

/** What the session lists. */
export const listedIn = async (rig: SessionRig) =>
  await rig.handlers["updateSessionFile.list"]({ update_session_id: rig.sessionId }, aCall());

/** The names of the item's files. */
export const itemNames = async (rig: SessionRig): Promise<readonly string[]> =>
  (await rig.itemFiles()).map(({ name }) => name);

/** Opens a download session on the item of the rig. */
export const openDownloads = async (
  rig: SessionRig,
  library_item_id = rig.itemId,
): Promise<string> =>
  await rig.handlers["downloadSession.create"]({ create_spec: { library_item_id } }, aCall());

/** The bytes of a file of a download session, or a range of them. */
export const readFile = async (
  rig: SessionRig,
  { session, name }: { readonly session: string; readonly name: string },
  range?: { readonly start: number; readonly endExclusive: number },
): Promise<Buffer> => {
  const file = await rig.handlers["downloadSessionFile.prepare"](
    { download_session_id: session, file_name: name },
    aCall(),
  );
  const uri = segmentOf(file.download_endpoint?.uri ?? "");
  const slot = await rig.rig.app.transfers.openDownload(uri);
  const whole = { start: 0, endExclusive: slot.sizeBytes };
  const bytes = await readPour((sink) => slot.read(range ?? whole, sink));
  slot.close();
  return Buffer.from(bytes);
};
