import type { OperationOutput } from "@contentlib/contract";
import type { ItemFacts, ProductFacts, SystemFacts } from "../../domain/item-facts.ts";
import type { VerifiedContent } from "../../domain/package.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { presentTime, presentVersion } from "../present.ts";

type Shown = OperationOutput<"itemFact.get">;
type ShownOvf = NonNullable<Shown["ovf"]>;

const presentVerification = ({
  verification,
  verifiedAt,
  accepted,
}: VerifiedContent): NonNullable<Shown["verification"]> => {
  const { status, reason, chain, anchor } = verification;
  return {
    status,
    ...(reason === null ? {} : { reason }),
    time: presentTime(verifiedAt),
    ...(chain.length === 0 ? {} : { cert_chain: [...chain] }),
    ...given({ trusted_by: anchor }),
    ignored_warnings: accepted.map(({ type, by }) => ({ type, user: by })),
  };
};

const presentProduct = ({
  name,
  vendor,
  version,
  fullVersion,
  url,
}: ProductFacts): NonNullable<ShownOvf["product"]> =>
  given({ name, vendor, release: version, full_release: fullVersion, url });

const presentSystem = (system: SystemFacts): ShownOvf["systems"][number] => ({
  id: system.id,
  ...given({
    name: system.name,
    operating_system: system.operatingSystem,
    cpus: system.cpus,
    memory_bytes: system.memoryBytes,
  }),
  network_cards: system.networkCards,
  ...given({ hardware_family: system.hardwareFamily }),
});

const presentOvf = (facts: ItemFacts): ShownOvf => ({
  standard: facts.ovfVersion,
  ...(facts.product === undefined ? {} : { product: presentProduct(facts.product) }),
  ...given({ annotation: facts.annotation }),
  systems: facts.systems.map(presentSystem),
  disks: facts.disks.map(({ id, capacityBytes, format }) => ({
    id,
    ...given({ capacity_bytes: capacityBytes, format }),
  })),
  networks: [...facts.networks],
  licences: [...facts.licences],
  extra_config_keys: [...facts.extraConfigKeys],
});

/** What was found out about the present content; of content that nobody looked into its version alone. (S97) */
export const getItemFact =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemFact.get"> =>
  async ({ library_item }) => {
    const { id, contentVersion } = (await loadItem(catalog, library_item)).value;
    const version = presentVersion(contentVersion);
    const content = await catalog.findVerifiedContent(id, contentVersion);
    if (content === null) return { version };
    return {
      version,
      verification: presentVerification(content),
      ...(content.facts === null ? {} : { ovf: presentOvf(content.facts) }),
    };
  };
