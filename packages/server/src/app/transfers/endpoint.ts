import type { EndpointSubject } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { pathSegment } from "../present.ts";

/** Where all transfer endpoints lie (contract P1). */
export const ENDPOINT_PATH = "/cls/data";

/** The absolute address of a transfer endpoint. The name at its end is decoration; the secret before it decides (contract P13). */
export const endpointUri = (
  core: Pick<Core, "signer">,
  baseUrl: string,
  fileName: string,
  subject: EndpointSubject,
): string => `${baseUrl}${ENDPOINT_PATH}/${core.signer.sign(subject)}/${pathSegment(fileName)}`;
