import { optional, structure, text, uri } from "./schema.ts";

const TRANSFER_ENDPOINT = {
  canonical: "com.vmware.content.library.item.transfer_endpoint",
  required: ["uri"],
} as const;

const members = {
  uri: uri("The absolute address."),
  ssl_certificate_thumbprint: optional(
    text("SHA-1 print of the certificate to expect there, in place of a chain check."),
  ),
};

/** An address that bytes are sent to or fetched from. */
export const transferEndpoint = structure(
  "TransferEndpoint",
  "An address that bytes are sent to or fetched from; the address itself is the permission.",
  members,
  TRANSFER_ENDPOINT,
);

/** An address that this server is to fetch bytes from. */
export const sourceEndpoint = structure(
  "SourceEndpoint",
  "An address that this server is to fetch bytes from.",
  {
    ...members,
    ssl_certificate: optional(
      text(
        "PEM text of the certificate to expect there, in place of a chain check and of ssl_certificate_thumbprint.",
      ),
    ),
    contentlib_key_pin: optional(
      text(
        "SHA-256 of the public key to expect there, as sha256// and Base64 or in hexadecimal digits, in place of a chain check; a renewed certificate of the same key has the same.",
      ),
    ),
    contentlib_ca_pin: optional(
      text(
        "SHA-256 of the public key of an authority that the chain there must lead to, written as contentlib_key_pin is; names and dates are checked as usual.",
      ),
    ),
    contentlib_secret: optional(
      text(
        "Name of a secret of this server, whose login is presented to the origin it was set for, in place of one in the uri; no print or certificate may stand beside it.",
      ),
    ),
  },
  TRANSFER_ENDPOINT,
);
