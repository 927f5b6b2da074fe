import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Role } from "@contentlib/contract/vocabulary";
import type { Grant } from "../../domain/access/grant.ts";
import { fullUserName } from "../../domain/account-name.ts";
import type { LibraryId, TokenId } from "../../domain/ids.ts";
import type { CatalogReader } from "../../ports/index.ts";
import type { Ownership } from "./owner.ts";
import type { Presence, Standings } from "./standings.ts";

/** What is missing. */
export interface Needed {
  readonly privilege: string;
  readonly role: Role;
}

/** Where it is missing, as people call it. */
export interface DeniedOn {
  readonly name: string;
  /** Null for everything. */
  readonly libraryId: LibraryId | null;
}

/** Most names of people who could help. */
const NAMES_MAX = 3;

/** Most libraries whose administrators are remembered. */
const KNOWN_MAX = 1_000;

type DenialReader = Pick<
  CatalogReader,
  "findAccount" | "findGroup" | "findTokenById" | "listGrants"
>;

/** Tells people what they lack, and who can give it to them. */
export class Denials {
  readonly #catalog: DenialReader;
  readonly #standings: Pick<Standings, "generation">;
  /** Administrators of libraries, and of everything, as long as nothing about access changes: to find them many grants are read. */
  readonly #known = new Map<LibraryId | null, readonly string[]>();
  #generation = 0;

  constructor(catalog: DenialReader, standings: Pick<Standings, "generation">) {
    this.#catalog = catalog;
    this.#standings = standings;
  }

  async missingRight({ privilege, role }: Needed, on: DeniedOn): Promise<FaultValue> {
    const names = (await this.#helpersOn(on.libraryId)).join(", ");
    const helper = `an administrator of ${on.libraryId === null ? "everything" : "it"}`;
    const granters = names === "" ? helper : `${helper}: ${names}`;
    return faultOf("access.missing_right", privilege, on.name, role, granters);
  }

  /** The account may do it, and the token that stands for it may not: no grant to the account would help. */
  async narrowedToken({ privilege }: Needed, on: DeniedOn, tokenId: TokenId): Promise<FaultValue> {
    const token = await this.#catalog.findTokenById(tokenId);
    const wish = `${privilege} on ${on.name}`;
    return faultOf("access.narrowed_token", token?.label ?? tokenId, wish);
  }

  /** What only the creator of a session may do was tried by somebody else. */
  async notOwner({ ownerId }: Ownership, { accountId }: Presence): Promise<FaultValue> {
    const owner = await this.#catalog.findAccount(ownerId);
    const name = owner === null ? "a user who is gone" : fullUserName(owner.value.name);
    // Of the caller's own user it is another token's, or was made by password.
    return faultOf("access.not_owner", ownerId === accountId ? `${name} by another login` : name);
  }

  async #helpersOn(libraryId: LibraryId | null): Promise<readonly string[]> {
    const near = libraryId === null ? [] : await this.#administratorsOf(libraryId);
    if (near.length >= NAMES_MAX) return near;
    return [...new Set([...near, ...(await this.#administratorsOf(null))])].slice(0, NAMES_MAX);
  }

  async #administratorsOf(libraryId: LibraryId | null): Promise<readonly string[]> {
    const { generation } = this.#standings;
    if (generation !== this.#generation || this.#known.size >= KNOWN_MAX) {
      this.#known.clear();
      this.#generation = generation;
    }
    const known = this.#known.get(libraryId);
    if (known !== undefined) return known;
    const grants = await this.#catalog.listGrants(libraryId === null ? {} : { libraryId });
    const names = await this.#namesOf(
      grants.filter((grant) => (grant.libraryId ?? null) === libraryId),
    );
    if (generation === this.#standings.generation) this.#known.set(libraryId, names);
    return names;
  }

  /** The first few accounts that grants make administrators, themselves or by their groups. */
  async #namesOf(grants: readonly Grant[]): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const { role, subject } of grants) {
      if (role !== "administrator" || subject.kind === "token") continue;
      const accountIds =
        subject.kind === "account"
          ? [subject.id]
          : ((await this.#catalog.findGroup(subject.id))?.value.memberIds ?? []);
      for (const id of accountIds) {
        const account = await this.#catalog.findAccount(id);
        if (account !== null && !account.value.isDisabled)
          names.add(fullUserName(account.value.name));
        if (names.size >= NAMES_MAX) return [...names];
      }
    }
    return [...names];
  }
}
