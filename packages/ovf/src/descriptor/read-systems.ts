import type { FindingCode } from "../finding-codes.ts";
import type { FindingDetails } from "../make-finding.ts";
import type { SystemFact } from "./descriptor.ts";
import type { WrittenItem, WrittenSystem } from "./envelope-parts.ts";
import { isProperty, parseByteUnit, parseWholeNumber } from "./numbers.ts";

type Tell = (code: FindingCode, details: FindingDetails) => void;

/**
 * The items that hold where nobody chose another configuration: those for all configurations and those for the default one,
 * which replaces the former of the same instance (DSP0243 9.8).
 */
const itemsInForce = (
  items: readonly WrittenItem[],
  configuration: string | null,
): readonly WrittenItem[] => {
  const byInstance = new Map<string, WrittenItem>();
  const withoutInstance: WrittenItem[] = [];
  for (const item of items) {
    const chosen = item.configurations?.split(/\s+/) ?? null;
    if (chosen !== null && !chosen.includes(configuration ?? "")) continue;
    if (item.instance === "") withoutInstance.push(item);
    else if (chosen !== null || !byInstance.has(item.instance)) byInstance.set(item.instance, item);
  }
  return [...byInstance.values(), ...withoutInstance];
};

const quantityOf = ({ quantity, instance, place }: WrittenItem, tell: Tell): bigint | null => {
  if (quantity === null || isProperty(quantity)) return null;
  const number = parseWholeNumber(quantity);
  if (number === null)
    tell("descriptor.number_refused", {
      place,
      subject: `VirtualQuantity of the Item ${instance}`,
      actual: quantity,
    });
  return number;
};

const sumOf = (quantities: readonly (bigint | null)[]): bigint | null =>
  quantities.reduce<bigint | null>((sum, one) => (one === null ? sum : (sum ?? 0n) + one), null);

const memoryOf = (item: WrittenItem, tell: Tell): bigint | null => {
  const quantity = quantityOf(item, tell);
  // Where a writer left the unit out, megabytes were meant: nothing else makes sense of the numbers in such descriptors.
  const unit = parseByteUnit(item.units ?? "MegaBytes");
  return quantity === null || unit === null ? null : quantity * unit;
};

const safeNumber = (value: bigint | null): number | null =>
  value === null || value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);

/** What the systems ask for, in the configuration that holds by default. */
export const readSystems = (
  systems: readonly WrittenSystem[],
  configuration: string | null,
  tell: Tell,
): readonly SystemFact[] =>
  systems.map((system) => {
    const items = itemsInForce(system.items, configuration);
    const ofKind = (kind: WrittenItem["kind"]) => items.filter((item) => item.kind === kind);
    const memory = sumOf(ofKind("memory").map((item) => memoryOf(item, tell)));
    return {
      id: system.id,
      name: system.name,
      operatingSystem: system.osDescription ?? system.osType,
      cpus: safeNumber(sumOf(ofKind("cpu").map((item) => quantityOf(item, tell)))),
      memoryBytes: memory === null ? null : String(memory),
      networkCards: ofKind("network").length,
      hardwareFamily: system.hardwareFamily,
    };
  });
