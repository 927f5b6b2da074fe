import { loginInfo } from "../models/login.ts";
import { nothing, parameters, secret } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.cis.session";

/** The login: who calls, proved once, then carried by an id. */
export const LOGIN_OPERATIONS = {
  "login.create": {
    id: "login.create",
    service,
    method: "create",
    summary:
      "Makes a login and answers its id, which later calls carry in the header vmware-api-session-id.",
    effect: "once",
    right: { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: secret("Id of the login: 32 hexadecimal digits."),
    faults: [],
  },
  "login.get": {
    id: "login.get",
    service,
    method: "get",
    summary: "Shows whose login this is, when it was made and when it was last used.",
    effect: "safe",
    right: { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: loginInfo,
    faults: [],
  },
  "login.delete": {
    id: "login.delete",
    service,
    method: "delete",
    summary:
      "Ends the login at once; its sessions stay and another login of the same user carries on with them.",
    effect: "idempotent",
    right: { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: nothing,
    faults: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
