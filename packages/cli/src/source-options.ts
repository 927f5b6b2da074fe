import { Option } from "commander";

/** What vouches for the server at an address in place of its chain of certificates. Only one of them can be meant. */
const pinOptions = (): readonly Option[] => [
  new Option(
    "--thumbprint <print>",
    "trust the certificate with this SHA-1 or SHA-256, and no other",
  ).conflicts(["pinKey", "pinCa"]),
  new Option(
    "--pin-key <print>",
    "trust whoever has this key (sha256//...), and nobody else",
  ).conflicts("pinCa"),
  new Option(
    "--pin-ca <print>",
    "trust what the authority with this key (sha256//...) has signed, and nothing else",
  ),
];

/**
 * How the server is to know and to log in to the one at an address. Its secrets go to whom the chain vouches for, and so stand beside no
 * pin: what somebody on the way shows could else be pinned.
 */
export const sourceOptions = (): readonly Option[] => [
  ...pinOptions(),
  new Option("--secret <name>", "log in there by this secret of the server").conflicts([
    "pinCert",
    "thumbprint",
    "pinKey",
    "pinCa",
  ]),
];
