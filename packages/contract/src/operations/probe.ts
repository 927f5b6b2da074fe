import { remoteProbe } from "../models/remote-probe.ts";
import { optional, parameters, text, uri } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

/** What can be known of an address before files are fetched from it. */
export const PROBE_OPERATIONS = {
  "probe.get": {
    id: "probe.get",
    service: "contentlib.probe",
    method: "get",
    summary:
      "Tries whether files can be fetched from an address, shows the certificates of its server, and changes nothing.",
    effect: "safe",
    right: { privilege: "ContentLibrary.UpdateSession", role: "editor", on: { kind: "anywhere" } },
    input: parameters({
      uri: uri(
        "The address to try: http or https, or a file of this server where it has opened directories.",
      ),
      thumbprint: optional(
        text("SHA-1 or SHA-256 print of the certificate to expect, in place of a chain check."),
      ),
      key_pin: optional(
        text(
          "SHA-256 of the public key to expect, as sha256// and Base64 or in hexadecimal digits, in place of a chain check.",
        ),
      ),
      ca_pin: optional(
        text(
          "SHA-256 of the public key of an authority that the chain must lead to, written as key_pin is.",
        ),
      ),
      secret: optional(
        text(
          "Name of a secret of this server, whose login is presented to the origin it was set for; no print may stand beside it.",
        ),
      ),
    }),
    output: remoteProbe,
    faults: ["not_found"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
