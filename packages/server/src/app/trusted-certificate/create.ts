import { certificateUnreadable, checkCertificateText } from "../../domain/trusted-certificate.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";

/** A certificate that is trusted already stays as it is, and its id is the answer again (contract L24). */
export const createTrustedCertificate =
  ({
    catalog,
    clock,
    certificates,
  }: Pick<Core, "catalog" | "clock" | "certificates">): Handler<"trustedCertificate.create"> =>
  async ({ spec }) => {
    const fault = checkCertificateText(spec.cert_text);
    if (fault !== null) throw new Fault(fault);
    const read = certificates.read(spec.cert_text);
    if (read === null) throw new Fault(certificateUnreadable());
    return await commitDecision(catalog, async () => ({
      changes:
        (await catalog.findCertificate(read.id)) === null
          ? [{ kind: "certificate.put", certificate: { ...read, addedAt: clock.now() } }]
          : [],
      result: read.id,
    }));
  };
