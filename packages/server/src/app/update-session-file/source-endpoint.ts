import type { OperationInput, SourceEndpoint } from "@contentlib/contract";
import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { EntryId } from "../../domain/ids.ts";
import type { PullSource } from "../../domain/pull-source.ts";
import type { PinMember, PinWish, RemotePin } from "../../domain/remote-pin.ts";
import { keyPinText, printText } from "../../domain/remote-pin.ts";
import { parseSource } from "../../domain/session-file/parse-source.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { sealLogin } from "../pulls/open-source.ts";

const member = (name: string, text: string | undefined): PinMember | undefined =>
  text === undefined ? undefined : { member: `source_endpoint.${name}`, text };

/** What a source says of the certificate there, each under the name of its member. (S101) */
export const pinWishOf = (endpoint: SourceEndpoint): PinWish =>
  given({
    certificate: member("ssl_certificate", endpoint.ssl_certificate),
    thumbprint: member("ssl_certificate_thumbprint", endpoint.ssl_certificate_thumbprint),
    key: member("contentlib_key_pin", endpoint.contentlib_key_pin),
    authority: member("contentlib_ca_pin", endpoint.contentlib_ca_pin),
  });

/** The source in a request to add a file, its login sealed; undefined where there is none. Only PULL looks at it. */
export const sourceIn = (
  core: Pick<Core, "certificates" | "local" | "seal">,
  entryId: EntryId,
  spec: OperationInput<"updateSessionFile.add">["file_spec"],
): PullSource | FaultValue | undefined => {
  const { name, source_type, source_endpoint: endpoint } = spec;
  if (source_type !== "PULL" || endpoint === undefined) return undefined;
  const { uri, contentlib_secret: secret } = endpoint;
  const { isOpen: isStorageOpen } = core.local;
  const pin = pinWishOf(endpoint);
  const wish = { fileName: name, uri, pin, isStorageOpen, ...given({ secret }) };
  const parsed = parseSource(wish, core.certificates);
  if (isFault(parsed)) return parsed;
  const { source, login } = parsed;
  return login === null ? source : { ...source, sealedLogin: sealLogin(core, entryId, login) };
};

const presentPin = (pin: RemotePin): Partial<SourceEndpoint> => {
  switch (pin.kind) {
    case "certificate":
      return { ssl_certificate: pin.pem };
    case "thumbprint":
      return { ssl_certificate_thumbprint: printText(pin.digest) };
    case "key":
      return { contentlib_key_pin: keyPinText(pin.digest) };
    case "authority":
      return { contentlib_ca_pin: keyPinText(pin.digest) };
  }
};

/** Where a file is pulled from, as the API shows it: without a login, and with what the server is known by. (S100, S101) */
export const presentSource = ({ url, pin, secret }: PullSource): SourceEndpoint => ({
  uri: url,
  ...(pin === undefined ? {} : presentPin(pin)),
  ...(secret === undefined ? {} : { contentlib_secret: secret }),
});
