import type { RemoteCertificate, RemoteProbe } from "@contentlib/contract";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import { parseRemotePin } from "../../domain/remote-pin.ts";
import { toldUrl } from "../../domain/remote-url.ts";
import type { RemoteCertificate as Certificate } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { presentTime } from "../present.ts";
import { presentFaults } from "./present-sight.ts";
import type { ProbeCore, Sight } from "./try-remote.ts";
import { atPace, tryRemote } from "./try-remote.ts";

const withoutSecrets = (uri: string): string => shortened(toldUrl(uri));

const presentCertificate = (certificate: Certificate): RemoteCertificate => ({
  subject: certificate.subject,
  issuer: certificate.issuer,
  names: [...certificate.names],
  valid_from: presentTime(certificate.validFrom),
  expires_at: presentTime(certificate.expiresAt),
  sha1: certificate.sha1,
  sha256: certificate.sha256,
  key_pin: certificate.keyPin,
});

const presentPeer = ({ peer }: Sight) => {
  if (peer === null) return { certificates: [] };
  const [leaf] = peer.chain;
  return {
    tls_protocol: peer.protocol,
    certificates: peer.chain.map(presentCertificate),
    ...(peer.problem === null ? {} : { certificate_problem: peer.problem }),
    ...(leaf === undefined ? {} : { pin_flag: `--pin-key ${leaf.keyPin}` }),
  };
};

const presentFacts = ({ facts }: Sight) => ({
  resumable: typeof facts?.validator === "string",
  ...(facts === null || facts.sizeBytes === null ? {} : { size: facts.sizeBytes }),
  ...(facts === null || facts.redirects === 0 ? {} : { redirected_to: withoutSecrets(facts.url) }),
});

const pinMember = (member: string, text: string | undefined) =>
  text === undefined ? undefined : { member, text };

/** Everything that can be known of an address without fetching from it. */
export const getProbe =
  (core: ProbeCore): Handler<"probe.get"> =>
  async (input, call): Promise<RemoteProbe> => {
    const pin = orFault(
      parseRemotePin(
        given({
          thumbprint: pinMember("thumbprint", input.thumbprint),
          key: pinMember("key_pin", input.key_pin),
          authority: pinMember("ca_pin", input.ca_pin),
        }),
      ),
    );
    const wish = { uri: input.uri, pin, ...given({ secret: input.secret }) };
    const sight = await atPace(core, call, async () => await tryRemote(core, wish, call));
    return {
      uri: withoutSecrets(input.uri),
      status: sight.status,
      error_messages: presentFaults(sight),
      ...presentFacts(sight),
      ...presentPeer(sight),
    };
  };
