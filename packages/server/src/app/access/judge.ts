import type { OperationId } from "@contentlib/contract";
import type { FaultValue, OperationRight, Right } from "@contentlib/contract/vocabulary";
import { faultOf, OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import type { Role } from "@contentlib/contract/vocabulary";
import { covers, highestRole, isCutShort, roleOn } from "../../domain/access/rights.ts";
import type { LibraryId } from "../../domain/ids.ts";
import type { DeniedOn, Denials, Needed } from "./denials.ts";
import type { FoundObject, ObjectFinder, ObjectKind } from "./object-finder.ts";
import { notFoundFault } from "./object-finder.ts";
import { isOwnSession, type Ownership } from "./owner.ts";
import { type Parameters, textAt } from "./parameters.ts";
import type { Presence, Standing, Standings } from "./standings.ts";

/** What comes of asking whether a call may be done. */
export type Verdict =
  /** What the call names is there for the caller, or not there at all: which of the two, the operation finds out. */
  | { readonly kind: "allowed" }
  /** The caller may not know that it is there; the fault says of that object that there is none. */
  | { readonly kind: "hidden"; readonly fault: FaultValue }
  | { readonly kind: "refused"; readonly fault: FaultValue };

/** Who asks, and how he stood when he did. */
export interface Asker {
  readonly caller: Presence;
  readonly standing: Standing;
}

/** Who asks, and about what. */
interface AskedOn {
  readonly asked: Asker;
  readonly found: FoundObject;
}

/** What a call names, before it is known whether there is such an object. */
interface Named {
  readonly kind: ObjectKind;
  readonly text: string;
}

const ALLOWED: Verdict = { kind: "allowed" };

/** The role that a session's creator needs, or anybody else. */
const neededOnSession = ({ role, others }: Right, isOwn: boolean): Role | "none" =>
  isOwn || others === undefined || others === "nobody" ? role : others;

const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.find(({ kind }) => kind === "refused") ??
  verdicts.find(({ kind }) => kind === "hidden") ??
  ALLOWED;

/** Says of every call whether it may be done, by the contract's table of rights. */
export class Judge {
  readonly #standings: Standings;
  readonly #finder: ObjectFinder;
  readonly #denials: Denials;

  constructor(parts: {
    readonly standings: Standings;
    readonly finder: ObjectFinder;
    readonly denials: Denials;
  }) {
    this.#standings = parts.standings;
    this.#finder = parts.finder;
    this.#denials = parts.denials;
  }

  /** Of two objects the one that is refused decides: else what is said would tell whether the other is hidden or not there. */
  verdict(operationId: OperationId, input: Parameters, asked: Asker): Verdict | Promise<Verdict> {
    if (!asked.standing.isLetIn) return { kind: "refused", fault: faultOf("login.required") };
    const right: OperationRight = OPERATION_RIGHTS[operationId];
    return right.also === undefined
      ? this.verdictOn(right, input, asked)
      : this.#verdictOnAll([right, ...right.also], input, asked);
  }

  async #verdictOnAll(rights: readonly Right[], input: Parameters, asked: Asker): Promise<Verdict> {
    const verdicts: Verdict[] = [];
    for (const right of rights) verdicts.push(await this.verdictOn(right, input, asked));
    return worst(verdicts);
  }

  /** What the call would be refused with; null when it would not be. */
  async refusal(
    operationId: OperationId,
    input: Parameters,
    caller: Presence,
  ): Promise<FaultValue | null> {
    const standing = await this.#standings.of(caller);
    const verdict = await this.verdict(operationId, input, { caller, standing });
    return verdict.kind === "allowed" ? null : verdict.fault;
  }

  /** The fault for a role that is missing on a library, or on everything. */
  async missing(
    needed: Needed,
    libraryId: LibraryId | null,
    caller: Presence,
  ): Promise<FaultValue> {
    const standing = await this.#standings.of(caller);
    const isSeen = libraryId === null || roleOn(standing.rights, libraryId) !== null;
    const name = isSeen ? await this.#finder.nameOf({ libraryId }) : null;
    return name === null
      ? notFoundFault("library", String(libraryId))
      : await this.#shortOf(needed, { name, libraryId }, { caller, standing });
  }

  /** What comes of one right of an operation alone; at once where all that it takes is in memory. */
  verdictOn(right: Right, input: Parameters, asked: Asker): Verdict | Promise<Verdict> {
    const { on } = right;
    if (!("parameter" in on)) return this.#judgeKind(right, on.kind, asked);
    const text = textAt(input, on.parameter);
    if (text === undefined) return this.#judgeKind(right, on.whenAbsent ?? "anything", asked);
    // Whose an account is, the operation knows.
    if (on.kind === "self") return ALLOWED;
    const named = { kind: on.kind, text };
    const known = this.#finder.known(on.kind, text);
    return known === undefined
      ? this.#verdictOnStored(right, named, asked)
      : this.#verdictOnFound(right, named, { asked, found: known });
  }

  async #verdictOnStored(right: Right, named: Named, asked: Asker): Promise<Verdict> {
    const found = await this.#finder.find(named.kind, named.text);
    return found === null ? ALLOWED : await this.#verdictOnFound(right, named, { asked, found });
  }

  #verdictOnFound(right: Right, named: Named, on: AskedOn): Verdict | Promise<Verdict> {
    const { asked, found } = on;
    const { libraryId, ownership } = found;
    const isOwn = ownership !== undefined && isOwnSession(asked.caller, ownership);
    // With its item a session lost its library: only its creator may see how it ended.
    if (libraryId === null && isOwn) return ALLOWED;
    const present = roleOn(asked.standing.rights, libraryId);
    if (present === null && right.role !== "none")
      return { kind: "hidden", fault: notFoundFault(named.kind, named.text) };
    return ownership === undefined
      ? this.#judgeRole(right, right.role, on)
      : this.#judgeSession(right, ownership, on);
  }

  /** `self` is for the operation to judge. */
  #judgeKind(
    right: Right,
    kind: "everything" | "anything" | "anywhere" | "self",
    asked: Asker,
  ): Verdict | Promise<Verdict> {
    if (kind === "anywhere") return this.#judgeAnywhere(right, asked);
    const role = kind === "everything" ? right.role : "none";
    return this.#judgeRole(right, role, { asked, found: { libraryId: null } });
  }

  /** Where the role is missing everywhere, it would do on any library. */
  async #judgeAnywhere({ privilege, role }: Right, asked: Asker): Promise<Verdict> {
    if (role === "none" || covers(highestRole(asked.standing.rights), role)) return ALLOWED;
    const on = { name: "a library", libraryId: null };
    return { kind: "refused", fault: await this.#shortOf({ privilege, role }, on, asked) };
  }

  #judgeSession(right: Right, ownership: Ownership, on: AskedOn): Verdict | Promise<Verdict> {
    const isOwn = isOwnSession(on.asked.caller, ownership);
    return isOwn || right.others !== "nobody"
      ? this.#judgeRole(right, neededOnSession(right, isOwn), on)
      : this.#refuseOthers(ownership, on);
  }

  async #refuseOthers(ownership: Ownership, { asked }: AskedOn): Promise<Verdict> {
    return { kind: "refused", fault: await this.#denials.notOwner(ownership, asked.caller) };
  }

  #judgeRole(right: Right, role: Role | "none", on: AskedOn): Verdict | Promise<Verdict> {
    const { asked, found } = on;
    return role === "none" || covers(roleOn(asked.standing.rights, found.libraryId), role)
      ? ALLOWED
      : this.#refuse({ privilege: right.privilege, role }, on);
  }

  async #refuse(needed: Needed, { asked, found }: AskedOn): Promise<Verdict> {
    const { libraryId } = found;
    const name = await this.#finder.nameOf(found);
    // It went since, which is for the operation to say.
    if (name === null) return ALLOWED;
    return { kind: "refused", fault: await this.#shortOf(needed, { name, libraryId }, asked) };
  }

  /** Where a token falls short of its account, a grant to the account would change nothing: so that is what is told. */
  #shortOf(needed: Needed, on: DeniedOn, { caller, standing }: Asker): Promise<FaultValue> {
    return caller.tokenId !== undefined && isCutShort(standing.rights, on.libraryId, needed.role)
      ? this.#denials.narrowedToken(needed, on, caller.tokenId)
      : this.#denials.missingRight(needed, on);
  }
}
