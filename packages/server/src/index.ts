export type { DownloadSlot, UploadSlot } from "./app/app.ts";
export type { AdministratorOutcome } from "./main/administrator.ts";
export type { Storage } from "./main/compose-storage.ts";
export type { OpenedDirectory } from "./main/open-directory.ts";
export { DirectoryRefusal, openDirectory } from "./main/open-directory.ts";
export { SERVE_EXIT, serve } from "./main/serve.ts";
export { StartError } from "./main/start-error.ts";
export { describeCertificate } from "./main/describe-certificate.ts";
export type { CertificateInFile } from "./main/tls-certificates.ts";
export {
  renewServerCertificate,
  showCertificate,
  showServerCertificate,
} from "./main/tls-certificates.ts";
export type { RunningServer, StartOptions } from "./main/start-server.ts";
export { startServer } from "./main/start-server.ts";
