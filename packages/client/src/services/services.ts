// Generated from packages/contract/src/operations by `npm run generate`.
import type { Call } from "../call.ts";
import { ConfigurationService } from "./configuration.ts";
import { DownloadSessionFileService } from "./download-session-file.ts";
import { DownloadSessionService } from "./download-session.ts";
import { ItemChangeService } from "./item-change.ts";
import { ItemFileService } from "./item-file.ts";
import { ItemService } from "./item.ts";
import { ItemStorageService } from "./item-storage.ts";
import { LibraryService } from "./library.ts";
import { LocalLibraryService } from "./local-library.ts";
import { LoginService } from "./login.ts";
import { SecurityPolicyService } from "./security-policy.ts";
import { SubscribedItemService } from "./subscribed-item.ts";
import { SubscribedLibraryService } from "./subscribed-library.ts";
import { SubscriptionService } from "./subscription.ts";
import { TrustedCertificateService } from "./trusted-certificate.ts";
import { TypeService } from "./type.ts";
import { UpdateSessionFileService } from "./update-session-file.ts";
import { UpdateSessionService } from "./update-session.ts";

/** Every service of the API, named for what it deals in. */
export interface Services {
  readonly configuration: ConfigurationService;
  readonly downloadSessionFiles: DownloadSessionFileService;
  readonly downloadSessions: DownloadSessionService;
  readonly itemChanges: ItemChangeService;
  readonly itemFiles: ItemFileService;
  readonly itemStorage: ItemStorageService;
  readonly items: ItemService;
  readonly libraries: LibraryService;
  readonly localLibraries: LocalLibraryService;
  readonly login: LoginService;
  readonly securityPolicies: SecurityPolicyService;
  readonly subscribedItems: SubscribedItemService;
  readonly subscribedLibraries: SubscribedLibraryService;
  readonly subscriptions: SubscriptionService;
  readonly trustedCertificates: TrustedCertificateService;
  readonly types: TypeService;
  readonly updateSessionFiles: UpdateSessionFileService;
  readonly updateSessions: UpdateSessionService;
}

/** Which service holds the operations of each noun. */
export interface ServiceNames {
  readonly configuration: "configuration";
  readonly downloadSessionFile: "downloadSessionFiles";
  readonly downloadSession: "downloadSessions";
  readonly itemChange: "itemChanges";
  readonly itemFile: "itemFiles";
  readonly itemStorage: "itemStorage";
  readonly item: "items";
  readonly library: "libraries";
  readonly localLibrary: "localLibraries";
  readonly login: "login";
  readonly securityPolicy: "securityPolicies";
  readonly subscribedItem: "subscribedItems";
  readonly subscribedLibrary: "subscribedLibraries";
  readonly subscription: "subscriptions";
  readonly trustedCertificate: "trustedCertificates";
  readonly type: "types";
  readonly updateSessionFile: "updateSessionFiles";
  readonly updateSession: "updateSessions";
}

/** The services over one way of calling. */
export const makeServices = (call: Call): Services => ({
  configuration: new ConfigurationService(call),
  downloadSessionFiles: new DownloadSessionFileService(call),
  downloadSessions: new DownloadSessionService(call),
  itemChanges: new ItemChangeService(call),
  itemFiles: new ItemFileService(call),
  itemStorage: new ItemStorageService(call),
  items: new ItemService(call),
  libraries: new LibraryService(call),
  localLibraries: new LocalLibraryService(call),
  login: new LoginService(call),
  securityPolicies: new SecurityPolicyService(call),
  subscribedItems: new SubscribedItemService(call),
  subscribedLibraries: new SubscribedLibraryService(call),
  subscriptions: new SubscriptionService(call),
  trustedCertificates: new TrustedCertificateService(call),
  types: new TypeService(call),
  updateSessionFiles: new UpdateSessionFileService(call),
  updateSessions: new UpdateSessionService(call),
});

export {
  ConfigurationService,
  DownloadSessionFileService,
  DownloadSessionService,
  ItemChangeService,
  ItemFileService,
  ItemService,
  ItemStorageService,
  LibraryService,
  LocalLibraryService,
  LoginService,
  SecurityPolicyService,
  SubscribedItemService,
  SubscribedLibraryService,
  SubscriptionService,
  TrustedCertificateService,
  TypeService,
  UpdateSessionFileService,
  UpdateSessionService,
};
