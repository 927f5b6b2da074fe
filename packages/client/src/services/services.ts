// Generated from packages/contract/src/operations by `npm run generate`.
import type { Call } from "../call.ts";
import { AuditService } from "./audit.ts";
import { ConfigurationService } from "./configuration.ts";
import { DownloadSessionFileService } from "./download-session-file.ts";
import { DownloadSessionService } from "./download-session.ts";
import { GrantService } from "./grant.ts";
import { GroupService } from "./group.ts";
import { ItemChangeService } from "./item-change.ts";
import { ItemFactService } from "./item-fact.ts";
import { ItemFileService } from "./item-file.ts";
import { ItemService } from "./item.ts";
import { ItemStorageService } from "./item-storage.ts";
import { ItemVersionService } from "./item-version.ts";
import { LibraryService } from "./library.ts";
import { LibrarySettingService } from "./library-setting.ts";
import { LocalLibraryService } from "./local-library.ts";
import { LoginService } from "./login.ts";
import { ProbeService } from "./probe.ts";
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
  /** The service `contentlib.audit`, an addition to the API: other servers do not have it. */
  readonly audit: AuditService;
  /** The service `com.vmware.content.configuration` of the API. */
  readonly configuration: ConfigurationService;
  /** The service `com.vmware.content.library.item.downloadsession.file` of the API. */
  readonly downloadSessionFiles: DownloadSessionFileService;
  /** The service `com.vmware.content.library.item.download_session` of the API. */
  readonly downloadSessions: DownloadSessionService;
  /** The service `contentlib.grants`, an addition to the API: other servers do not have it. */
  readonly grants: GrantService;
  /** The service `contentlib.groups`, an addition to the API: other servers do not have it. */
  readonly groups: GroupService;
  /** The service `com.vmware.content.library.item.changes` of the API. */
  readonly itemChanges: ItemChangeService;
  /** The service `contentlib.items.facts`, an addition to the API: other servers do not have it. */
  readonly itemFacts: ItemFactService;
  /** The service `com.vmware.content.library.item.file` of the API. */
  readonly itemFiles: ItemFileService;
  /** The service `com.vmware.content.library.item.storage` of the API. */
  readonly itemStorage: ItemStorageService;
  /** The service `contentlib.items.versions`, an addition to the API: other servers do not have it. */
  readonly itemVersions: ItemVersionService;
  /** The service `com.vmware.content.library.item` of the API. */
  readonly items: ItemService;
  /** The service `contentlib.libraries.settings`, an addition to the API: other servers do not have it. */
  readonly librarySettings: LibrarySettingService;
  /** The service `com.vmware.content.library` of the API. */
  readonly libraries: LibraryService;
  /** The service `com.vmware.content.local_library` of the API. */
  readonly localLibraries: LocalLibraryService;
  /** The service `com.vmware.cis.session` of the API. */
  readonly login: LoginService;
  /** The service `contentlib.probe`, an addition to the API: other servers do not have it. */
  readonly probes: ProbeService;
  /** The service `com.vmware.content.security_policies` of the API. */
  readonly securityPolicies: SecurityPolicyService;
  /** The service `contentlib.sessions`, an addition to the API: other servers do not have it. */
  readonly sessionOverviews: SessionOverviewService;
  /** The service `com.vmware.content.library.subscribed_item` of the API. */
  readonly subscribedItems: SubscribedItemService;
  /** The service `com.vmware.content.subscribed_library` of the API. */
  readonly subscribedLibraries: SubscribedLibraryService;
  /** The service `com.vmware.content.library.subscriptions` of the API. */
  readonly subscriptions: SubscriptionService;
  /** The service `contentlib.tokens`, an addition to the API: other servers do not have it. */
  readonly tokens: TokenService;
  /** The service `com.vmware.content.trusted_certificates` of the API. */
  readonly trustedCertificates: TrustedCertificateService;
  /** The service `com.vmware.content.type` of the API. */
  readonly types: TypeService;
  /** The service `com.vmware.content.library.item.updatesession.file` of the API. */
  readonly updateSessionFiles: UpdateSessionFileService;
  /** The service `com.vmware.content.library.item.update_session` of the API. */
  readonly updateSessions: UpdateSessionService;
  /** The service `contentlib.users`, an addition to the API: other servers do not have it. */
  readonly users: UserService;
  /** The service `contentlib.whoami`, an addition to the API: other servers do not have it. */
  readonly whoami: WhoamiService;
}

/** Which service holds the operations of each noun. */
export interface ServiceNames {
  /** Of `audit.*`. */
  readonly audit: "audit";
  /** Of `configuration.*`. */
  readonly configuration: "configuration";
  /** Of `downloadSessionFile.*`. */
  readonly downloadSessionFile: "downloadSessionFiles";
  /** Of `downloadSession.*`. */
  readonly downloadSession: "downloadSessions";
  /** Of `grant.*`. */
  readonly grant: "grants";
  /** Of `group.*`. */
  readonly group: "groups";
  /** Of `itemChange.*`. */
  readonly itemChange: "itemChanges";
  /** Of `itemFact.*`. */
  readonly itemFact: "itemFacts";
  /** Of `itemFile.*`. */
  readonly itemFile: "itemFiles";
  /** Of `itemStorage.*`. */
  readonly itemStorage: "itemStorage";
  /** Of `itemVersion.*`. */
  readonly itemVersion: "itemVersions";
  /** Of `item.*`. */
  readonly item: "items";
  /** Of `librarySetting.*`. */
  readonly librarySetting: "librarySettings";
  /** Of `library.*`. */
  readonly library: "libraries";
  /** Of `localLibrary.*`. */
  readonly localLibrary: "localLibraries";
  /** Of `login.*`. */
  readonly login: "login";
  /** Of `probe.*`. */
  readonly probe: "probes";
  /** Of `securityPolicy.*`. */
  readonly securityPolicy: "securityPolicies";
  /** Of `sessionOverview.*`. */
  readonly sessionOverview: "sessionOverviews";
  /** Of `subscribedItem.*`. */
  readonly subscribedItem: "subscribedItems";
  /** Of `subscribedLibrary.*`. */
  readonly subscribedLibrary: "subscribedLibraries";
  /** Of `subscription.*`. */
  readonly subscription: "subscriptions";
  /** Of `token.*`. */
  readonly token: "tokens";
  /** Of `trustedCertificate.*`. */
  readonly trustedCertificate: "trustedCertificates";
  /** Of `type.*`. */
  readonly type: "types";
  /** Of `updateSessionFile.*`. */
  readonly updateSessionFile: "updateSessionFiles";
  /** Of `updateSession.*`. */
  readonly updateSession: "updateSessions";
  /** Of `user.*`. */
  readonly user: "users";
  /** Of `whoami.*`. */
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
  itemFacts: new ItemFactService(call),
  itemFiles: new ItemFileService(call),
  itemStorage: new ItemStorageService(call),
  itemVersions: new ItemVersionService(call),
  items: new ItemService(call),
  librarySettings: new LibrarySettingService(call),
  libraries: new LibraryService(call),
  localLibraries: new LocalLibraryService(call),
  login: new LoginService(call),
  probes: new ProbeService(call),
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
  ItemFactService,
  ItemFileService,
  ItemService,
  ItemStorageService,
  ItemVersionService,
  LibraryService,
  LibrarySettingService,
  LocalLibraryService,
  LoginService,
  ProbeService,
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
