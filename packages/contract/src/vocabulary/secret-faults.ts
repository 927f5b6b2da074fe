import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of the logins that this server presents to others. */
export const SECRET_FAULTS = {
  "secret.not_found": {
    class: "not_found",
    id: "contentlib.secret.not_found",
    text: "There is no secret {0}. An administrator sets one with secret set.",
    retry: "never",
  },
  "secret.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.secret.invalid_property",
    text: "The {0} of the secret is not valid: {1}.",
    retry: "never",
  },
  "secret.wrong_origin": {
    class: "invalid_argument",
    id: "contentlib.secret.wrong_origin",
    text: "The secret {0} is for {1}, and goes nowhere else: name another secret, or fetch from there.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
