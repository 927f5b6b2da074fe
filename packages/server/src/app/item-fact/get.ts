import type { OperationOutput } from "@contentlib/contract";
import type { VerifiedContent } from "../../domain/package.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { presentTime, presentVersion } from "../present.ts";
import { presentFacts, presentRemarks } from "./present-content.ts";
import { presentOriginal } from "./present-original.ts";

type Shown = OperationOutput<"itemFact.get">;

const presentVerification = ({
  verification,
  verifiedAt,
  accepted,
}: VerifiedContent): Pick<Shown, "verification"> => {
  if (verification === null) return {};
  const { status, reason, chain, anchor } = verification;
  return {
    verification: {
      status,
      ...(reason === null ? {} : { reason }),
      time: presentTime(verifiedAt),
      ...(chain.length === 0 ? {} : { cert_chain: [...chain] }),
      ...given({ trusted_by: anchor }),
      ignored_warnings: accepted.map(({ type, by }) => ({ type, user: by })),
    },
  };
};

/** What was found out about the present content; of content that nobody looked into its version alone. (S97, S131) */
export const getItemFact =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemFact.get"> =>
  async ({ library_item }) => {
    const { id, contentVersion, files } = (await loadItem(catalog, library_item)).value;
    const version = presentVersion(contentVersion);
    const original = presentOriginal(files);
    const content = await catalog.findVerifiedContent(id, contentVersion);
    if (content === null) return { version, ...original };
    return {
      version,
      ...original,
      ...presentVerification(content),
      ...presentFacts(content.facts),
      ...presentRemarks(content.remarks),
    };
  };
