import type { z } from "zod";
import type { Immutable } from "../vocabulary/immutable.ts";
import type * as audit from "./audit.ts";
import type { callerInfo, libraryRole } from "./caller.ts";
import type * as configuration from "./configuration.ts";
import type * as grant from "./grant.ts";
import type * as group from "./group.ts";
import type * as item from "./item.ts";
import type * as itemChange from "./item-change.ts";
import type { itemFacts } from "./item-facts.ts";
import type { itemVersionInfo } from "./item-version.ts";
import type * as library from "./library.ts";
import type * as librarySetting from "./library-setting.ts";
import type { loginInfo } from "./login.ts";
import type { localizationParam, message } from "./message.ts";
import type * as preview from "./preview-info.ts";
import type * as publish from "./publish-info.ts";
import type * as probe from "./remote-probe.ts";
import type { securityPolicyInfo } from "./security-policy.ts";
import type { serverEvent } from "./server-event.ts";
import type { sessionOverview } from "./session-overview.ts";
import type * as secret from "./source-secret.ts";
import type * as session from "./session.ts";
import type * as subscription from "./subscription.ts";
import type * as subscribed from "./subscription-info.ts";
import type * as token from "./token.ts";
import type * as endpoint from "./transfer-endpoint.ts";
import type * as certificate from "./trusted-certificate.ts";
import type { typeInfo } from "./type.ts";
import type * as user from "./user.ts";

type Model<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** A login, as get answers it. */
export type LoginInfo = Model<typeof loginInfo>;
/** A text for people, with its id and arguments; `Message` of the vocabulary is what this server sends of it. */
export type MessageModel = Model<typeof message>;
/** One named argument of a message. */
export type LocalizationParam = Model<typeof localizationParam>;
/** A library, as get answers it. */
export type LibraryModel = Model<typeof library.libraryModel>;
/** What a new local library is made of. */
export type LocalLibraryCreateSpec = Model<typeof library.localLibraryCreateSpec>;
/** What can be changed of a local library. */
export type LocalLibraryUpdateSpec = Model<typeof library.localLibraryUpdateSpec>;
/** What can be changed of a library of any kind. */
export type LibraryUpdateSpec = Model<typeof library.libraryUpdateSpec>;
/** What a new subscribed library is made of. */
export type SubscribedLibraryCreateSpec = Model<typeof library.subscribedLibraryCreateSpec>;
/** What can be changed of a subscribed library. */
export type SubscribedLibraryUpdateSpec = Model<typeof library.subscribedLibraryUpdateSpec>;
/** What libraries are looked for by. */
export type LibraryFindSpec = Model<typeof library.libraryFindSpec>;
/** A place where a library keeps its content. */
export type StorageBacking = Model<typeof library.storageBacking>;
/** Optimizations of a library, chosen when it is created. */
export type OptimizationInfo = Model<typeof library.optimizationInfo>;
/** How a library is published, as it is shown. */
export type PublishInfo = Model<typeof publish.publishInfo>;
/** How a library is to be published. */
export type PublishSpec = Model<typeof publish.publishSpec>;
/** A subscription that is to be served with a library. */
export type LibraryDestinationSpec = Model<typeof library.libraryDestinationSpec>;
/** Where a subscribed library takes its content from. */
export type SubscriptionInfo = Model<typeof subscribed.subscriptionInfo>;
/** Where a subscribed library is to take its content from. */
export type SubscriptionSpec = Model<typeof subscribed.subscriptionSpec>;
/** The subscription a subscribed library was made by. */
export type SourceInfo = Model<typeof subscribed.sourceInfo>;
/** The subscription a subscribed library is to belong to. */
export type SourceSpec = Model<typeof subscribed.sourceSpec>;
/** What trying a publisher or a source came to. */
export type ProbeResult = Model<typeof subscribed.probeResult>;
/** What is to be known of an address before files are fetched from it. */
export type RemoteProbe = Model<typeof probe.remoteProbe>;
/** A certificate that a remote server showed. */
export type RemoteCertificate = Model<typeof probe.remoteCertificate>;
/** A subscription, as get answers it. */
export type SubscriptionModel = Model<typeof subscription.subscriptionModel>;
/** A subscription, as list answers it. */
export type SubscriptionSummary = Model<typeof subscription.subscriptionSummary>;
/** What a new subscription is made of. */
export type SubscriptionCreateSpec = Model<typeof subscription.subscriptionCreateSpec>;
/** The subscribed library of a new subscription. */
export type SubscriptionLibrarySpec = Model<typeof subscription.subscriptionLibrarySpec>;
/** A subscribed library that a subscription is to make. */
export type SubscriptionNewLibrarySpec = Model<typeof subscription.subscriptionNewLibrarySpec>;
/** The server that the subscribed library of a new subscription lives on. */
export type SubscriptionServerSpec = Model<typeof subscription.subscriptionServerSpec>;
/** Where a new subscription is to place virtual machine templates. */
export type SubscriptionPlacementSpec = Model<typeof subscription.subscriptionPlacementSpec>;
/** What can be changed of a subscription. */
export type SubscriptionUpdateSpec = Model<typeof subscription.subscriptionUpdateSpec>;
/** Changes to the server that a subscribed library lives on. */
export type SubscriptionServerUpdateSpec = Model<typeof subscription.subscriptionServerUpdateSpec>;
/** Where a subscription is to place virtual machine templates from now on. */
export type SubscriptionPlacementUpdateSpec = Model<
  typeof subscription.subscriptionPlacementUpdateSpec
>;
/** The server that the subscribed library of a subscription lives on. */
export type SubscriptionServerInfo = Model<typeof subscription.subscriptionServerInfo>;
/** Where a subscription places virtual machine templates. */
export type SubscriptionPlacementInfo = Model<typeof subscription.subscriptionPlacementInfo>;
/** Settings of the whole service. */
export type ConfigurationModel = Model<typeof configuration.configurationModel>;
/** Changes to the settings of the whole service. */
export type ConfigurationUpdateSpec = Model<typeof configuration.configurationUpdateSpec>;
/** A kind of item that this server understands. */
export type TypeInfo = Model<typeof typeInfo>;
/** A policy that guards the content of libraries. */
export type SecurityPolicyInfo = Model<typeof securityPolicyInfo>;
/** A certificate to trust. */
export type TrustedCertificateCreateSpec = Model<typeof certificate.trustedCertificateCreateSpec>;
/** A trusted certificate, as get answers it. */
export type TrustedCertificateInfo = Model<typeof certificate.trustedCertificateInfo>;
/** A trusted certificate, as list answers it. */
export type TrustedCertificateSummary = Model<typeof certificate.trustedCertificateSummary>;
/** All trusted certificates. */
export type TrustedCertificateList = Model<typeof certificate.trustedCertificateList>;
/** A library item, as get answers it. */
export type ItemModel = Model<typeof item.itemModel>;
/** What a new item is made of. */
export type ItemCreateSpec = Model<typeof item.itemCreateSpec>;
/** What a copy of an item is made of. */
export type ItemCopySpec = Model<typeof item.itemCopySpec>;
/** What can be changed of an item. */
export type ItemUpdateSpec = Model<typeof item.itemUpdateSpec>;
/** What items are looked for by. */
export type ItemFindSpec = Model<typeof item.itemFindSpec>;
/** The checksum of a file. */
export type ChecksumInfo = Model<typeof item.checksumInfo>;
/** A file of an item. */
export type ItemFileInfo = Model<typeof item.itemFileInfo>;
/** A file of an item and where it is stored. */
export type ItemStorageInfo = Model<typeof item.itemStorageInfo>;
/** A subscription that is to be served with an item. */
export type ItemDestinationSpec = Model<typeof item.itemDestinationSpec>;
/** A change to the files of an item, in short. */
export type ItemChangeSummary = Model<typeof itemChange.itemChangeSummary>;
/** A change to the files of an item. */
export type ItemChangeInfo = Model<typeof itemChange.itemChangeInfo>;
/** What the package that an item is says of itself. */
export type ItemFacts = Model<typeof itemFacts>;
/** A content version of an item that is kept, with its files. */
export type ItemVersionInfo = Model<typeof itemVersionInfo>;
/** An update session, as get answers it. */
export type UpdateSessionModel = Model<typeof session.updateSessionModel>;
/** What a new update session is made of. */
export type UpdateSessionCreateSpec = Model<typeof session.updateSessionCreateSpec>;
/** What can be changed of an update session. */
export type UpdateSessionUpdateSpec = Model<typeof session.updateSessionUpdateSpec>;
/** A file to add to an update session. */
export type UpdateSessionFileAddSpec = Model<typeof session.updateSessionFileAddSpec>;
/** A file of an update session. */
export type UpdateSessionFileInfo = Model<typeof session.updateSessionFileInfo>;
/** An address that bytes are sent to or fetched from. */
export type TransferEndpoint = Model<typeof endpoint.transferEndpoint>;
/** A login that this server may present where it fetches files, without its password. */
export type SourceSecretInfo = Model<typeof secret.sourceSecretInfo>;
/** A login that this server may present where it fetches files. */
export type SourceSecretSetSpec = Model<typeof secret.sourceSecretSetSpec>;
/** An address that this server is to fetch bytes from. */
export type SourceEndpoint = Model<typeof endpoint.sourceEndpoint>;
/** Whether a kind of warning is to be ignored. */
export type WarningBehavior = Model<typeof preview.warningBehavior>;
/** What the metadata files of a session show before it is completed. */
export type PreviewInfo = Model<typeof preview.previewInfo>;
/** What validate found. */
export type ValidationResult = Model<typeof session.validationResult>;
/** A download session, as get answers it. */
export type DownloadSessionModel = Model<typeof session.downloadSessionModel>;
/** What a new download session is made of. */
export type DownloadSessionCreateSpec = Model<typeof session.downloadSessionCreateSpec>;
/** A file of a download session. */
export type DownloadSessionFileInfo = Model<typeof session.downloadSessionFileInfo>;
/** Something that happened in an update session. */
export type ServerEvent = Model<typeof serverEvent>;
/** A user, as get and list answer it. */
export type UserInfo = Model<typeof user.userInfo>;
/** What a new user is made of. */
export type UserCreateSpec = Model<typeof user.userCreateSpec>;
/** What can be changed of a user. */
export type UserUpdateSpec = Model<typeof user.userUpdateSpec>;
/** A group, as get and list answer it. */
export type GroupInfo = Model<typeof group.groupInfo>;
/** A user in a group. */
export type GroupMember = Model<typeof group.groupMember>;
/** What a new group is made of. */
export type GroupCreateSpec = Model<typeof group.groupCreateSpec>;
/** What can be changed of a group. */
export type GroupUpdateSpec = Model<typeof group.groupUpdateSpec>;
/** A token, as list answers it. */
export type TokenInfo = Model<typeof token.tokenInfo>;
/** A token just made, with its secret. */
export type NewToken = Model<typeof token.newToken>;
/** What a new token is made of. */
export type TokenCreateSpec = Model<typeof token.tokenCreateSpec>;
/** What a new token is cut down to. */
export type TokenGrantSpec = Model<typeof token.tokenGrantSpec>;
/** A grant, as list answers it. */
export type GrantInfo = Model<typeof grant.grantInfo>;
/** What a new grant is made of. */
export type GrantCreateSpec = Model<typeof grant.grantCreateSpec>;
/** Who calls, and what the caller may do. */
export type CallerInfo = Model<typeof callerInfo>;
/** A role of the caller on one library. */
export type LibraryRole = Model<typeof libraryRole>;
/** The settings of a library that are not the API's own. */
export type LibrarySettingInfo = Model<typeof librarySetting.librarySettingInfo>;
/** What can be changed of the settings of a library. */
export type LibrarySettingUpdateSpec = Model<typeof librarySetting.librarySettingUpdateSpec>;
/** A session of whomever, as administrators see it. */
export type SessionOverview = Model<typeof sessionOverview>;
/** One entry of the audit trail. */
export type AuditEntry = Model<typeof audit.auditEntry>;
/** Something that an entry of the audit trail names. */
export type AuditObject = Model<typeof audit.auditObject>;
/** A part of the audit trail. */
export type AuditPage = Model<typeof audit.auditPage>;
