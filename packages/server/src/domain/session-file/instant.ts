import type { Sha256, StagedId } from "../ids.ts";
import { parseSha256 } from "../ids.ts";
import type { PushedFile, SessionFile } from "../update-session.ts";

/** Bytes that a file was declared to have, as a blob is known by. */
export interface DeclaredBytes {
  readonly digest: Sha256;
  readonly sizeBytes: number;
}

/** The bytes of a pushed file, where its declaration says enough to know them by: a SHA-256 and a size. No other digest will do. (S82) */
export const declaredBytes = (file: SessionFile): DeclaredBytes | null => {
  if (file.source !== "PUSH") return null;
  const { declaredChecksum, declaredSizeBytes } = file;
  if (declaredSizeBytes === undefined || declaredChecksum?.algorithm !== "SHA256") return null;
  const digest = parseSha256(declaredChecksum.hex);
  return digest === null ? null : { digest, sizeBytes: declaredSizeBytes };
};

/** The file as if its declared bytes had just been sent. Nothing is staged under `stagedId`: the blob itself is here. */
export const readyAtOnce = (
  file: PushedFile,
  { digest, sizeBytes }: DeclaredBytes,
  stagedId: StagedId,
): PushedFile => ({
  ...file,
  receipt: {
    status: "READY",
    stagedId,
    digest,
    sizeBytes,
    checksum: { algorithm: "SHA256", hex: digest },
  },
});
