export { FileExistsError, directorySink } from "./directory-sink.ts";
export type { DirectorySinkOptions } from "./directory-sink.ts";
export { fileDigest } from "./file-digest.ts";
export { fileSource } from "./file-source.ts";
