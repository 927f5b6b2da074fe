// Generated from packages/contract/src/operations by `npm run generate`.
import type { Call } from "../call.ts";
import { DownloadSessionFileService } from "./download-session-file.ts";
import { DownloadSessionService } from "./download-session.ts";
import { ItemFileService } from "./item-file.ts";
import { ItemService } from "./item.ts";
import { ItemStorageService } from "./item-storage.ts";
import { LibraryService } from "./library.ts";
import { LocalLibraryService } from "./local-library.ts";
import { LoginService } from "./login.ts";
import { UpdateSessionFileService } from "./update-session-file.ts";
import { UpdateSessionService } from "./update-session.ts";

/** Every service of the API, named for what it deals in. */
export interface Services {
  readonly login: LoginService;
  readonly libraries: LibraryService;
  readonly localLibraries: LocalLibraryService;
  readonly items: ItemService;
  readonly itemFiles: ItemFileService;
  readonly itemStorage: ItemStorageService;
  readonly updateSessions: UpdateSessionService;
  readonly updateSessionFiles: UpdateSessionFileService;
  readonly downloadSessions: DownloadSessionService;
  readonly downloadSessionFiles: DownloadSessionFileService;
}

/** The services over one way of calling. */
export const makeServices = (call: Call): Services => ({
  login: new LoginService(call),
  libraries: new LibraryService(call),
  localLibraries: new LocalLibraryService(call),
  items: new ItemService(call),
  itemFiles: new ItemFileService(call),
  itemStorage: new ItemStorageService(call),
  updateSessions: new UpdateSessionService(call),
  updateSessionFiles: new UpdateSessionFileService(call),
  downloadSessions: new DownloadSessionService(call),
  downloadSessionFiles: new DownloadSessionFileService(call),
});

export {
  DownloadSessionFileService,
  DownloadSessionService,
  ItemFileService,
  ItemService,
  ItemStorageService,
  LibraryService,
  LocalLibraryService,
  LoginService,
  UpdateSessionFileService,
  UpdateSessionService,
};
