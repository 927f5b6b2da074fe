import { PROBE_STATUSES } from "../vocabulary/enumerations.ts";
import { message } from "./message.ts";
import {
  flag,
  instant,
  integer,
  listOf,
  of,
  oneOf,
  optional,
  structure,
  text,
  uri,
} from "./schema.ts";

const name = text("A DNS name or an IP address.");

/** A certificate that a remote server showed. */
export const remoteCertificate = structure(
  "RemoteCertificate",
  "A certificate that a remote server showed, or that those lead to.",
  {
    subject: text("Whom it is about."),
    issuer: text("Who signed it."),
    names: listOf(name, "DNS names and IP addresses that it is for."),
    valid_from: instant("When it begins to be valid."),
    expires_at: instant("When it is valid no more."),
    sha1: text("SHA-1 of the certificate, hexadecimal with colons."),
    sha256: text("SHA-256 of the certificate, hexadecimal with colons."),
    key_pin: text("SHA-256 of its public key, as sha256// and Base64."),
  },
  {
    canonical: "contentlib.probe.certificate",
    required: [
      "subject",
      "issuer",
      "names",
      "valid_from",
      "expires_at",
      "sha1",
      "sha256",
      "key_pin",
    ],
  },
);

/** What is to be known of an address before files are fetched from it. */
export const remoteProbe = structure(
  "RemoteProbe",
  "What is to be known of an address before files are fetched from it.",
  {
    uri: text(
      "What was tried, without a login, query or fragment; it may be no address, as the status tells then.",
    ),
    status: oneOf(PROBE_STATUSES, "Whether it can be fetched from, or what is in the way."),
    error_messages: listOf(message, "What is in the way, and what to do; empty for SUCCESS."),
    redirected_to: optional(
      uri("Where redirects led to, without a login, query or fragment; absent without redirects."),
    ),
    size: optional(integer("Size of the file in bytes; absent where the server does not tell it.")),
    resumable: flag("Whether a fetch that breaks off can go on: the file has a strong entity tag."),
    tls_protocol: optional(text("TLSv1.2 or TLSv1.3; absent without TLS.")),
    certificate_problem: optional(
      text(
        "Why the certificate is not trusted without a pin, in words that follow `its certificate`; absent where it is.",
      ),
    ),
    certificates: listOf(
      of(remoteCertificate, "A certificate."),
      "The chain, the server's own certificate first; empty without TLS.",
    ),
    pin_flag: optional(
      text(
        "The option of the command line that pins the server's key, to be pasted once its prints were compared; absent without TLS.",
      ),
    ),
  },
  {
    canonical: "contentlib.probe.info",
    required: ["uri", "status", "error_messages", "resumable", "certificates"],
  },
);
