import type { OperationOutput } from "@contentlib/contract";
import type { OvfFacts, ProductFacts, SystemFacts } from "../../domain/item-facts.ts";
import { given } from "../given.ts";

type ShownOvf = NonNullable<OperationOutput<"itemFact.get">["ovf"]>;

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

/** What the descriptor of a package says, as facts tell it. */
export const presentOvf = (facts: OvfFacts): ShownOvf => ({
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
