import { IsoItemType } from "../adapters/item-types/iso/iso-item-type.ts";
import { OvfItemType } from "../adapters/item-types/ovf/ovf-item-type.ts";
import { PlainItemType } from "../adapters/item-types/plain/plain-item-type.ts";
import type { ItemType, ItemTypes } from "../ports/index.ts";

/** The types of items that the server looks into, and the one for all others. */
export const composeItemTypes = (): ItemTypes => {
  const plain = new PlainItemType();
  const known: readonly ItemType[] = [new OvfItemType(), new IsoItemType()];
  const byType = new Map(known.map((one) => [one.type, one]));
  return { of: (type) => byType.get(type.toLowerCase()) ?? plain };
};
