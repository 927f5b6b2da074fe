// Generated from packages/contract/src/operations by `npm run generate`.
import type { z } from "zod";
import type { Immutable } from "../vocabulary/immutable.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Operation } from "./operation.ts";
import { AUDIT_OPERATIONS } from "./audit.ts";
import { CONFIGURATION_OPERATIONS } from "./configuration.ts";
import { DOWNLOAD_SESSION_FILE_OPERATIONS } from "./download-session-file.ts";
import { DOWNLOAD_SESSION_OPERATIONS } from "./download-session.ts";
import { EVENT_OPERATIONS } from "./event.ts";
import { GRANT_OPERATIONS } from "./grant.ts";
import { GROUP_OPERATIONS } from "./group.ts";
import { ITEM_CHANGE_OPERATIONS } from "./item-change.ts";
import { ITEM_FACT_OPERATIONS } from "./item-fact.ts";
import { ITEM_FILE_OPERATIONS } from "./item-file.ts";
import { ITEM_STORAGE_OPERATIONS } from "./item-storage.ts";
import { ITEM_VERSION_OPERATIONS } from "./item-version.ts";
import { ITEM_OPERATIONS } from "./item.ts";
import { LIBRARY_SETTING_OPERATIONS } from "./library-setting.ts";
import { LIBRARY_OPERATIONS } from "./library.ts";
import { LOCAL_LIBRARY_OPERATIONS } from "./local-library.ts";
import { LOGIN_OPERATIONS } from "./login.ts";
import { PROBE_OPERATIONS } from "./probe.ts";
import { SECRET_OPERATIONS } from "./secret.ts";
import { SECURITY_POLICY_OPERATIONS } from "./security-policy.ts";
import { SESSION_OVERVIEW_OPERATIONS } from "./session-overview.ts";
import { SUBSCRIBED_ITEM_OPERATIONS } from "./subscribed-item.ts";
import { SUBSCRIBED_LIBRARY_OPERATIONS } from "./subscribed-library.ts";
import { SUBSCRIPTION_OPERATIONS } from "./subscription.ts";
import { TOKEN_OPERATIONS } from "./token.ts";
import { TRUSTED_CERTIFICATE_OPERATIONS } from "./trusted-certificate.ts";
import { TYPE_OPERATIONS } from "./type.ts";
import { UPDATE_SESSION_FILE_OPERATIONS } from "./update-session-file.ts";
import { UPDATE_SESSION_OPERATIONS } from "./update-session.ts";
import { USER_OPERATIONS } from "./user.ts";
import { WHOAMI_OPERATIONS } from "./whoami.ts";

/** Every operation of the contract by its id. */
export const OPERATIONS = {
  ...AUDIT_OPERATIONS,
  ...CONFIGURATION_OPERATIONS,
  ...DOWNLOAD_SESSION_FILE_OPERATIONS,
  ...DOWNLOAD_SESSION_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...GRANT_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ITEM_CHANGE_OPERATIONS,
  ...ITEM_FACT_OPERATIONS,
  ...ITEM_FILE_OPERATIONS,
  ...ITEM_STORAGE_OPERATIONS,
  ...ITEM_VERSION_OPERATIONS,
  ...ITEM_OPERATIONS,
  ...LIBRARY_SETTING_OPERATIONS,
  ...LIBRARY_OPERATIONS,
  ...LOCAL_LIBRARY_OPERATIONS,
  ...LOGIN_OPERATIONS,
  ...PROBE_OPERATIONS,
  ...SECRET_OPERATIONS,
  ...SECURITY_POLICY_OPERATIONS,
  ...SESSION_OVERVIEW_OPERATIONS,
  ...SUBSCRIBED_ITEM_OPERATIONS,
  ...SUBSCRIBED_LIBRARY_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...TRUSTED_CERTIFICATE_OPERATIONS,
  ...TYPE_OPERATIONS,
  ...UPDATE_SESSION_FILE_OPERATIONS,
  ...UPDATE_SESSION_OPERATIONS,
  ...USER_OPERATIONS,
  ...WHOAMI_OPERATIONS,
} as const satisfies Readonly<Record<OperationId, Operation>>;

/** What an operation takes: an object of the API's own parameter names. */
export type OperationInput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["input"]>
>;

/** What an operation answers; `void` where it answers nothing. */
export type OperationOutput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["output"]>
>;

/** The classes an operation declares beside the implicit ones. */
export type OperationFaults<Id extends OperationId> = (typeof OPERATIONS)[Id]["faults"][number];
