import type { TransferEndpoint } from "@contentlib/contract";
import type { EndpointSubject } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { pathSegment } from "../present.ts";

/** Where all transfer endpoints lie (contract P1). */
export const ENDPOINT_PATH = "/cls/data";

/** How a caller reached the server, and so how he will reach the endpoint. */
export type EndpointReach = Pick<Call, "baseUrl" | "thumbprint">;

/**
 * A transfer endpoint: its absolute address, and the thumbprint of the certificate it will show, where it is our own. The name at
 * the end of the address is decoration; the secret before it decides (contract P13).
 */
export const presentEndpoint = (
  subject: EndpointSubject,
  fileName: string,
  { core, call }: { readonly core: Pick<Core, "signer">; readonly call: EndpointReach },
): TransferEndpoint => ({
  uri: `${call.baseUrl}${ENDPOINT_PATH}/${core.signer.sign(subject)}/${pathSegment(fileName)}`,
  ...(call.thumbprint === null ? {} : { ssl_certificate_thumbprint: call.thumbprint }),
});
