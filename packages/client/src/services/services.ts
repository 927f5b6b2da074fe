// Generated from packages/contract/src/operations by `npm run generate`.
import type { Call } from "../call.ts";
import { AuditService } from "./audit.ts";
import { ConfigurationService } from "./configuration.ts";
import { DownloadSessionFileService } from "./download-session-file.ts";
import { DownloadSessionService } from "./download-session.ts";
import { GrantService } from "./grant.ts";
import { GroupService } from "./group.ts";
import { ItemChangeService } from "./item-change.ts";
import { ItemFileService } from "./item-file.ts";
import { ItemService } from "./item.ts";
import { ItemStorageService } from "./item-storage.ts";
import { ItemVersionService } from "./item-version.ts";
import { LibraryService } from "./library.ts";
import { LibrarySettingService } from "./library-setting.ts";
import { LocalLibraryService } from "./local-library.ts";
import { LoginService } from "./login.ts";
import { SecurityPolicyService } from "./security-policy.ts";
import { SessionOverviewService } from "./session-overview.ts";
import { SubscribedItemService } from "./subscribed-item.ts";
import { SubscribedLibraryService } from "./subscribed-library.ts";
import { SubscriptionService } from "./subscription.ts";
import { TokenService } from "./token.ts";
import { TrustedCertificateService } from "./trusted-certificate.ts";
import { TypeService } from "./type.ts";
import { UpdateSessionFileService } from "./update-session-file.ts";
import { UpdateSessionService } from "./update-session.ts";
import { UserService } from "./user.ts";
import { WhoamiService } from "./whoami.ts";

/** Every service of the API, named for what it deals in. */
export interface Services {
  readonly audit: AuditService;
  readonly configuration: ConfigurationService;
  readonly downloadSessionFiles: DownloadSessionFileService;
  readonly downloadSessions: DownloadSessionService;
  readonly grants: GrantService;
  readonly groups: GroupService;
  readonly itemChanges: ItemChangeService;
  readonly itemFiles: ItemFileService;
  readonly itemStorage: ItemStorageService;
  readonly itemVersions: ItemVersionService;
  readonly items: ItemService;
  readonly librarySettings: LibrarySettingService;
  readonly libraries: LibraryService;
  readonly localLibraries: LocalLibraryService;
  readonly login: LoginService;
  readonly securityPolicies: SecurityPolicyService;
  readonly sessionOverviews: SessionOverviewService;
  readonly subscribedItems: SubscribedItemService;
  readonly subscribedLibraries: SubscribedLibraryService;
  readonly subscriptions: SubscriptionService;
  readonly tokens: TokenService;
  readonly trustedCertificates: TrustedCertificateService;
  readonly types: TypeService;
  readonly updateSessionFiles: UpdateSessionFileService;
  readonly updateSessions: UpdateSessionService;
  readonly users: UserService;
  readonly whoami: WhoamiService;
}

/** Which service holds the operations of each noun. */
export interface ServiceNames {
  readonly audit: "audit";
  readonly configuration: "configuration";
  readonly downloadSessionFile: "downloadSessionFiles";
  readonly downloadSession: "downloadSessions";
  readonly grant: "grants";
  readonly group: "groups";
  readonly itemChange: "itemChanges";
  readonly itemFile: "itemFiles";
  readonly itemStorage: "itemStorage";
  readonly itemVersion: "itemVersions";
  readonly item: "items";
  readonly librarySetting: "librarySettings";
  readonly library: "libraries";
  readonly localLibrary: "localLibraries";
  readonly login: "login";
  readonly securityPolicy: "securityPolicies";
  readonly sessionOverview: "sessionOverviews";
  readonly subscribedItem: "subscribedItems";
  readonly subscribedLibrary: "subscribedLibraries";
  readonly subscription: "subscriptions";
  readonly token: "tokens";
  readonly trustedCertificate: "trustedCertificates";
  readonly type: "types";
  readonly updateSessionFile: "updateSessionFiles";
  readonly updateSession: "updateSessions";
  readonly user: "users";
  readonly whoami: "whoami";
}

/** The services over one way of calling. */
export const makeServices = (call: Call): Services => ({
  audit: new AuditService(call),
  configuration: new ConfigurationService(call),
  downloadSessionFiles: new DownloadSessionFileService(call),
  downloadSessions: new DownloadSessionService(call),
  grants: new GrantService(call),
  groups: new GroupService(call),
  itemChanges: new ItemChangeService(call),
  itemFiles: new ItemFileService(call),
  itemStorage: new ItemStorageService(call),
  itemVersions: new ItemVersionService(call),
  items: new ItemService(call),
  librarySettings: new LibrarySettingService(call),
  libraries: new LibraryService(call),
  localLibraries: new LocalLibraryService(call),
  login: new LoginService(call),
  securityPolicies: new SecurityPolicyService(call),
  sessionOverviews: new SessionOverviewService(call),
  subscribedItems: new SubscribedItemService(call),
  subscribedLibraries: new SubscribedLibraryService(call),
  subscriptions: new SubscriptionService(call),
  tokens: new TokenService(call),
  trustedCertificates: new TrustedCertificateService(call),
  types: new TypeService(call),
  updateSessionFiles: new UpdateSessionFileService(call),
  updateSessions: new UpdateSessionService(call),
  users: new UserService(call),
  whoami: new WhoamiService(call),
});

export {
  AuditService,
  ConfigurationService,
  DownloadSessionFileService,
  DownloadSessionService,
  GrantService,
  GroupService,
  ItemChangeService,
  ItemFileService,
  ItemService,
  ItemStorageService,
  ItemVersionService,
  LibraryService,
  LibrarySettingService,
  LocalLibraryService,
  LoginService,
  SecurityPolicyService,
  SessionOverviewService,
  SubscribedItemService,
  SubscribedLibraryService,
  SubscriptionService,
  TokenService,
  TrustedCertificateService,
  TypeService,
  UpdateSessionFileService,
  UpdateSessionService,
  UserService,
  WhoamiService,
};
