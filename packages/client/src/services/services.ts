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
import { SecretService } from "./secret.ts";
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

/** Every service of the API, under its own name there. */
export interface Services {
  /** The service `contentlib.audit`, an addition to the API: other servers do not have it. */
  readonly audit: AuditService;
  /** The service `com.vmware.content.configuration` of the API. */
  readonly configuration: ConfigurationService;
  /** The service `com.vmware.content.library.item.downloadsession.file` of the API. */
  readonly downloadSessionFile: DownloadSessionFileService;
  /** The service `com.vmware.content.library.item.download_session` of the API. */
  readonly downloadSession: DownloadSessionService;
  /** The service `contentlib.grants`, an addition to the API: other servers do not have it. */
  readonly grant: GrantService;
  /** The service `contentlib.groups`, an addition to the API: other servers do not have it. */
  readonly group: GroupService;
  /** The service `com.vmware.content.library.item.changes` of the API. */
  readonly itemChange: ItemChangeService;
  /** The service `contentlib.items.facts`, an addition to the API: other servers do not have it. */
  readonly itemFact: ItemFactService;
  /** The service `com.vmware.content.library.item.file` of the API. */
  readonly itemFile: ItemFileService;
  /** The service `com.vmware.content.library.item.storage` of the API. */
  readonly itemStorage: ItemStorageService;
  /** The service `contentlib.items.versions`, an addition to the API: other servers do not have it. */
  readonly itemVersion: ItemVersionService;
  /** The service `com.vmware.content.library.item` of the API. */
  readonly item: ItemService;
  /** The service `contentlib.libraries.settings`, an addition to the API: other servers do not have it. */
  readonly librarySetting: LibrarySettingService;
  /** The service `com.vmware.content.library` of the API. */
  readonly library: LibraryService;
  /** The service `com.vmware.content.local_library` of the API. */
  readonly localLibrary: LocalLibraryService;
  /** The service `com.vmware.cis.session` of the API. */
  readonly login: LoginService;
  /** The service `contentlib.probe`, an addition to the API: other servers do not have it. */
  readonly probe: ProbeService;
  /** The service `contentlib.secrets`, an addition to the API: other servers do not have it. */
  readonly secret: SecretService;
  /** The service `com.vmware.content.security_policies` of the API. */
  readonly securityPolicy: SecurityPolicyService;
  /** The service `contentlib.sessions`, an addition to the API: other servers do not have it. */
  readonly sessionOverview: SessionOverviewService;
  /** The service `com.vmware.content.library.subscribed_item` of the API. */
  readonly subscribedItem: SubscribedItemService;
  /** The service `com.vmware.content.subscribed_library` of the API. */
  readonly subscribedLibrary: SubscribedLibraryService;
  /** The service `com.vmware.content.library.subscriptions` of the API. */
  readonly subscription: SubscriptionService;
  /** The service `contentlib.tokens`, an addition to the API: other servers do not have it. */
  readonly token: TokenService;
  /** The service `com.vmware.content.trusted_certificates` of the API. */
  readonly trustedCertificate: TrustedCertificateService;
  /** The service `com.vmware.content.type` of the API. */
  readonly type: TypeService;
  /** The service `com.vmware.content.library.item.updatesession.file` of the API. */
  readonly updateSessionFile: UpdateSessionFileService;
  /** The service `com.vmware.content.library.item.update_session` of the API. */
  readonly updateSession: UpdateSessionService;
  /** The service `contentlib.users`, an addition to the API: other servers do not have it. */
  readonly user: UserService;
  /** The service `contentlib.whoami`, an addition to the API: other servers do not have it. */
  readonly whoami: WhoamiService;
}

/** The services over one way of calling. */
export const makeServices = (call: Call): Services => ({
  audit: new AuditService(call),
  configuration: new ConfigurationService(call),
  downloadSessionFile: new DownloadSessionFileService(call),
  downloadSession: new DownloadSessionService(call),
  grant: new GrantService(call),
  group: new GroupService(call),
  itemChange: new ItemChangeService(call),
  itemFact: new ItemFactService(call),
  itemFile: new ItemFileService(call),
  itemStorage: new ItemStorageService(call),
  itemVersion: new ItemVersionService(call),
  item: new ItemService(call),
  librarySetting: new LibrarySettingService(call),
  library: new LibraryService(call),
  localLibrary: new LocalLibraryService(call),
  login: new LoginService(call),
  probe: new ProbeService(call),
  secret: new SecretService(call),
  securityPolicy: new SecurityPolicyService(call),
  sessionOverview: new SessionOverviewService(call),
  subscribedItem: new SubscribedItemService(call),
  subscribedLibrary: new SubscribedLibraryService(call),
  subscription: new SubscriptionService(call),
  token: new TokenService(call),
  trustedCertificate: new TrustedCertificateService(call),
  type: new TypeService(call),
  updateSessionFile: new UpdateSessionFileService(call),
  updateSession: new UpdateSessionService(call),
  user: new UserService(call),
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
  SecretService,
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
