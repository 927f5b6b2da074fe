// Generated from packages/contract/src/bindings/services by `npm run generate`.
import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Binding, OperationBindings, Wire } from "./binding.ts";
import { AUDIT_BINDINGS } from "./services/audit.ts";
import { CONFIGURATION_BINDINGS } from "./services/configuration.ts";
import { DOWNLOAD_SESSION_FILE_BINDINGS } from "./services/download-session-file.ts";
import { DOWNLOAD_SESSION_BINDINGS } from "./services/download-session.ts";
import { EVENT_BINDINGS } from "./services/event.ts";
import { GRANT_BINDINGS } from "./services/grant.ts";
import { GROUP_BINDINGS } from "./services/group.ts";
import { ITEM_CHANGE_BINDINGS } from "./services/item-change.ts";
import { ITEM_FACT_BINDINGS } from "./services/item-fact.ts";
import { ITEM_FILE_BINDINGS } from "./services/item-file.ts";
import { ITEM_STORAGE_BINDINGS } from "./services/item-storage.ts";
import { ITEM_VERSION_BINDINGS } from "./services/item-version.ts";
import { ITEM_BINDINGS } from "./services/item.ts";
import { LIBRARY_SETTING_BINDINGS } from "./services/library-setting.ts";
import { LIBRARY_BINDINGS } from "./services/library.ts";
import { LOCAL_LIBRARY_BINDINGS } from "./services/local-library.ts";
import { LOGIN_BINDINGS } from "./services/login.ts";
import { PROBE_BINDINGS } from "./services/probe.ts";
import { SECRET_BINDINGS } from "./services/secret.ts";
import { SECURITY_POLICY_BINDINGS } from "./services/security-policy.ts";
import { SESSION_OVERVIEW_BINDINGS } from "./services/session-overview.ts";
import { SUBSCRIBED_ITEM_BINDINGS } from "./services/subscribed-item.ts";
import { SUBSCRIBED_LIBRARY_BINDINGS } from "./services/subscribed-library.ts";
import { SUBSCRIPTION_BINDINGS } from "./services/subscription.ts";
import { TOKEN_BINDINGS } from "./services/token.ts";
import { TRUSTED_CERTIFICATE_BINDINGS } from "./services/trusted-certificate.ts";
import { TYPE_BINDINGS } from "./services/type.ts";
import { UPDATE_SESSION_FILE_BINDINGS } from "./services/update-session-file.ts";
import { UPDATE_SESSION_BINDINGS } from "./services/update-session.ts";
import { USER_BINDINGS } from "./services/user.ts";
import { WHOAMI_BINDINGS } from "./services/whoami.ts";

const SERVICES: Readonly<Record<OperationId, OperationBindings>> = {
  ...AUDIT_BINDINGS,
  ...CONFIGURATION_BINDINGS,
  ...DOWNLOAD_SESSION_FILE_BINDINGS,
  ...DOWNLOAD_SESSION_BINDINGS,
  ...EVENT_BINDINGS,
  ...GRANT_BINDINGS,
  ...GROUP_BINDINGS,
  ...ITEM_CHANGE_BINDINGS,
  ...ITEM_FACT_BINDINGS,
  ...ITEM_FILE_BINDINGS,
  ...ITEM_STORAGE_BINDINGS,
  ...ITEM_VERSION_BINDINGS,
  ...ITEM_BINDINGS,
  ...LIBRARY_SETTING_BINDINGS,
  ...LIBRARY_BINDINGS,
  ...LOCAL_LIBRARY_BINDINGS,
  ...LOGIN_BINDINGS,
  ...PROBE_BINDINGS,
  ...SECRET_BINDINGS,
  ...SECURITY_POLICY_BINDINGS,
  ...SESSION_OVERVIEW_BINDINGS,
  ...SUBSCRIBED_ITEM_BINDINGS,
  ...SUBSCRIBED_LIBRARY_BINDINGS,
  ...SUBSCRIPTION_BINDINGS,
  ...TOKEN_BINDINGS,
  ...TRUSTED_CERTIFICATE_BINDINGS,
  ...TYPE_BINDINGS,
  ...UPDATE_SESSION_FILE_BINDINGS,
  ...UPDATE_SESSION_BINDINGS,
  ...USER_BINDINGS,
  ...WHOAMI_BINDINGS,
};

const onWire = (wire: Wire): Readonly<Partial<Record<OperationId, Binding>>> =>
  Object.fromEntries(
    Object.entries(SERVICES).flatMap(([id, { [wire]: binding }]) =>
      binding === undefined ? [] : [[id, binding]],
    ),
  );

/** How every operation travels on each wire; an operation that a wire does not have is absent there. */
export const BINDINGS: Readonly<Record<Wire, Readonly<Partial<Record<OperationId, Binding>>>>> = {
  rest: onWire("rest"),
  api: onWire("api"),
};
