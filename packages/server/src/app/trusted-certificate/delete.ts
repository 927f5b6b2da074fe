import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadCertificate } from "./access.ts";

export const deleteTrustedCertificate =
  ({ catalog }: Pick<Core, "catalog">): Handler<"trustedCertificate.delete"> =>
  ({ certificate }) =>
    commitDecision(catalog, async () => {
      const { id } = await loadCertificate(catalog, certificate);
      return { changes: [{ kind: "certificate.delete", id }], result: undefined };
    });
