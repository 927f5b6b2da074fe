import type { PackageFacts } from "@contentlib/ovf";
import type { OvfFacts } from "../../../domain/item-facts.ts";

/** The members that say something. */
type Said<Value> = {
  readonly [Key in keyof Value as null extends Value[Key] ? never : Key]: Value[Key];
} & {
  readonly [Key in keyof Value as null extends Value[Key] ? Key : never]?: Exclude<
    Value[Key],
    null
  >;
};

const said = <Value extends object>(value: Value): Said<Value> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)) as Said<Value>;

/** What all facts of an item may take at most, in bytes of their JSON: they are kept with each content version. */
const FACTS_BYTES_MAX = 256 * 1024;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** Takes out of lists what there is room for yet; what there is none for is passed over. */
const roomFor = (roomBytes: number) => {
  let left = roomBytes;
  return <Value>(list: readonly Value[]): readonly Value[] =>
    list.filter((value) => {
      const bytes = bytesOf(value);
      if (bytes > left) return false;
      left -= bytes;
      return true;
    });
};

/** The facts of a descriptor in the words of the domain; of lists that are too long together the last ones are cut. */
export const factsOf = (facts: PackageFacts): OvfFacts => {
  const { product, annotation, systems, disks } = facts;
  const isSaid = product !== null && Object.values(product).some((member) => member !== null);
  const alone = {
    ovfVersion: facts.version,
    ...(isSaid ? { product: said(product) } : {}),
    ...said({ annotation }),
  };
  const within = roomFor(FACTS_BYTES_MAX - bytesOf(alone));
  return {
    ...alone,
    systems: within(systems.map(said)),
    disks: within(
      disks.map(({ id, capacityBytes, format }) => said({ id, capacityBytes, format })),
    ),
    networks: within(facts.networks),
    extraConfigKeys: within(facts.extraConfigKeys),
    licences: within(facts.licences),
  };
};
