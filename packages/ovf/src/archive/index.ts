/** What it takes to find out what an archive holds while its bytes pass, without all that reads descriptors and certificates. */
export { FINDINGS } from "../finding-codes.ts";
export { mendOf, textOf } from "../finding-text.ts";
export type { Finding } from "../finding.ts";
export { MANIFEST_BYTES_MAX } from "../limits.ts";
export { ManifestReader } from "../manifest/manifest-reader.ts";
export type { ArchiveEvent } from "./archive-event.ts";
export { ArchiveReader } from "./archive-reader.ts";
export type { ArchiveState } from "./archive-state.ts";
