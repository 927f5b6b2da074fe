import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";

export const listTrustedCertificates =
  ({ catalog }: Pick<Core, "catalog">): Handler<"trustedCertificate.list"> =>
  async () => ({
    certificates: (await catalog.listCertificates()).map(({ id, certText }) => ({
      certificate: id,
      cert_text: certText,
    })),
  });
