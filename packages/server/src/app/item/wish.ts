import type { OperationInput } from "@contentlib/contract";
import type { ItemPatch, ItemWish } from "../../domain/plan-item.ts";
import { given } from "../given.ts";

/** An empty type counts as none (clients send it so). */
const typeOf = (type: string | undefined): string | undefined => (type === "" ? undefined : type);

export const itemWish = (spec: OperationInput<"item.create">["create_spec"]): ItemWish =>
  given({ name: spec.name, description: spec.description, type: typeOf(spec.type) });

export const itemPatch = (spec: OperationInput<"item.update">["update_spec"]): ItemPatch =>
  given({
    name: spec.name,
    description: spec.description,
    type: typeOf(spec.type),
    version: spec.version,
  });
