export type { DownloadSlot, UploadSlot } from "./app/app.ts";
export type { AdministratorOutcome } from "./main/administrator.ts";
export type { Storage } from "./main/compose-storage.ts";
export type { OpenedDirectory } from "./main/open-directory.ts";
export { DirectoryRefusal, openDirectory } from "./main/open-directory.ts";
export { SERVE_EXIT, serve } from "./main/serve.ts";
export { StartError } from "./main/start-error.ts";
export type { RunningServer, StartOptions } from "./main/start-server.ts";
export { startServer } from "./main/start-server.ts";
