import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadCertificate } from "./access.ts";

export const getTrustedCertificate =
  ({ catalog }: Pick<Core, "catalog">): Handler<"trustedCertificate.get"> =>
  async ({ certificate }) => ({
    cert_text: (await loadCertificate(catalog, certificate)).certText,
  });
