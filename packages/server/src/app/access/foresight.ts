import type { OperationId } from "@contentlib/contract";
import type { FaultValue, OperationRight, Right } from "@contentlib/contract/vocabulary";
import { faultOf, OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import { covers, highestRole, roleOn } from "../../domain/access/rights.ts";
import type { Caller } from "../call.ts";
import type { Denials } from "./denials.ts";
import type { Asker, Judge } from "./judge.ts";
import type { ObjectFinder, ObjectKind, RightParameter } from "./object-finder.ts";
import { notFoundFault } from "./object-finder.ts";
import { withTextAt } from "./parameters.ts";
import type { Standings } from "./standings.ts";

/** What can be said beforehand of a call of which at most one object is known. */
export interface Foretold {
  /** What it would be refused with; null when it would not be. */
  readonly fault: FaultValue | null;
  /** What is needed besides on objects that were not named, in sentences; empty with a fault. */
  readonly besides: readonly string[];
}

/** A right on an object that calls name. */
type RightByName = Right & { readonly on: RightParameter };

const isByName = (right: Right): right is RightByName => "parameter" in right.on;

const KIND_NAMES: Readonly<Record<RightParameter["kind"], string>> = {
  library: "library",
  item: "library item",
  "update-session": "update session",
  "download-session": "download session",
  grant: "grant",
  self: "user",
};

/** What a call needs on an object that was not named, e.g. the source of a copy. */
const sentenceOn = ({ privilege, role, on }: RightByName): string => {
  const otherwise = on.whenAbsent === "everything" ? ", or on everything where none is named" : "";
  const object = `the ${KIND_NAMES[on.kind]} that ${on.parameter} names${otherwise}`;
  return `${privilege}, which comes with the role ${role}, is needed on ${object}, too.`;
};

/** Says beforehand whether a call may be done, by the same judgement as when it is done. */
export class Foresight {
  readonly #standings: Standings;
  readonly #finder: ObjectFinder;
  readonly #judge: Judge;
  readonly #denials: Denials;

  constructor(parts: {
    readonly standings: Standings;
    readonly finder: ObjectFinder;
    readonly judge: Judge;
    readonly denials: Denials;
  }) {
    this.#standings = parts.standings;
    this.#finder = parts.finder;
    this.#judge = parts.judge;
    this.#denials = parts.denials;
  }

  /** What is not there, or not for the caller, is refused with the not_found of the first object that calls name. */
  async ask(
    operationId: OperationId,
    objectId: string | undefined,
    caller: Caller,
  ): Promise<Foretold> {
    const first: OperationRight = OPERATION_RIGHTS[operationId];
    const rights: readonly Right[] = [first, ...(first.also ?? [])];
    const byName = rights.filter(isByName);
    const standing = await this.#standings.of(caller);
    if (!standing.isLetIn || objectId === undefined || byName.length === 0)
      return { fault: await this.#judge.refusal(operationId, {}, caller), besides: [] };
    const asker = { caller, standing };
    const { right, fault } = await this.#judgeFitting(byName, objectId, asker);
    if (fault !== null) return { fault, besides: [] };
    return await this.#askBesides(
      rights.filter((one) => one !== right),
      asker,
    );
  }

  /** The object is what the first right is asked on of whose kind there is one, as far as the caller sees. */
  async #judgeFitting(
    rights: readonly RightByName[],
    objectId: string,
    asker: Asker,
  ): Promise<{ readonly right: Right | undefined; readonly fault: FaultValue | null }> {
    for (const right of rights) {
      const { kind, parameter } = right.on;
      const input = withTextAt(parameter, objectId);
      const verdict = await this.#judge.verdictOn(right, input, asker);
      if (verdict.kind === "refused") return { right, fault: verdict.fault };
      const isThere = kind === "self" || (await this.#isThere(kind, objectId));
      if (verdict.kind === "allowed" && isThere) return { right, fault: null };
    }
    const kind = rights[0]?.on.kind ?? "self";
    return {
      right: rights[0],
      fault:
        kind === "self" ? faultOf("account.not_found", objectId) : notFoundFault(kind, objectId),
    };
  }

  async #isThere(kind: ObjectKind, objectId: string): Promise<boolean> {
    const found = await this.#finder.find(kind, objectId);
    return found !== null && (await this.#finder.nameOf(found)) !== null;
  }

  /** What a caller has on everything needs no words; what he has nowhere is refused. */
  async #askBesides(others: readonly Right[], asker: Asker): Promise<Foretold> {
    const besides: string[] = [];
    const { rights } = asker.standing;
    for (const right of others) {
      const { privilege, role } = right;
      const isFree = isByName(right) && right.on.whenAbsent === "anything";
      if (role === "none" || isFree || covers(roleOn(rights, null), role)) continue;
      if (isByName(right) && covers(highestRole(rights), role)) besides.push(sentenceOn(right));
      else {
        const name = isByName(right) ? `a ${KIND_NAMES[right.on.kind]}` : "everything";
        const on = { name, libraryId: null };
        const fault = await this.#denials.missingRight({ privilege, role }, on);
        return { fault, besides: [] };
      }
    }
    return { fault: null, besides };
  }
}
