import { listOf, nothing, of, parameters, text } from "../models/schema.ts";
import { sourceSecretInfo, sourceSecretSetSpec } from "../models/source-secret.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.secrets";
const right = {
  privilege: "contentlib.ManageSecrets",
  role: "administrator",
  on: { kind: "everything" },
} as const;

/** Logins for other servers, which whoever has files fetched from there names and never sees. */
export const SECRET_OPERATIONS = {
  "secret.set": {
    id: "secret.set",
    service,
    method: "set",
    summary:
      "Keeps a login under a name, in place of one of that name, to be presented to one server and to no other.",
    effect: "idempotent",
    right,
    input: parameters({ set_spec: of(sourceSecretSetSpec, "The login.") }),
    output: nothing,
    faults: [],
    origin: "ours",
  },
  "secret.list": {
    id: "secret.list",
    service,
    method: "list",
    summary: "Lists the secrets, without their passwords.",
    effect: "safe",
    right,
    input: parameters({}),
    output: listOf(sourceSecretInfo, "The secrets, in order of their names."),
    faults: [],
    origin: "ours",
  },
  "secret.delete": {
    id: "secret.delete",
    service,
    method: "delete",
    summary: "Forgets a secret; fetches that begin later and name it fail.",
    effect: "idempotent",
    right,
    input: parameters({ name: text("Name of the secret.") }),
    output: nothing,
    faults: ["not_found"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
