/** What a grant lets do, each including the one before: see; change content; change what holds it, and who may. */
export const ROLES = ["viewer", "editor", "administrator"] as const;

/** A role of the rights table; `GrantRole` is the same as it stands on the wires. */
export type Role = (typeof ROLES)[number];

/**
 * What a right is asked on. `everything`: the server itself. `anything`: nothing in particular, so that any login will do; what
 * is listed is cut down to what the caller sees. `anywhere`: everything, or any library whatever. All others are found by an id (or, of users, the name) among the parameters of
 * the call: a library; the library of an item, or of a session's item; the library of a grant, or everything where it names none.
 * `self`: the caller's own account, and for administrators of everything every other one.
 */
export type RightObject =
  | { readonly kind: "everything" | "anything" | "anywhere" }
  | {
      readonly kind: "library" | "item" | "update-session" | "download-session" | "grant" | "self";
      /** Where the id stands among the parameters, e.g. `library_id` or `create_spec.library_id`. */
      readonly parameter: string;
      /** What the right is asked on where the parameter is left out; absent where it can not be. */
      readonly whenAbsent?: "everything" | "anything" | "self";
    };

/** What a caller needs to have an operation done. */
export interface Right {
  /** The name of the privilege: the API's own, e.g. `ContentLibrary.AddLibraryItem`, or one that begins with `contentlib.`. */
  readonly privilege: string;
  /** The lowest role that has the privilege; `none` where a login is enough. */
  readonly role: Role | "none";
  /** The object that it is needed on. */
  readonly on: RightObject;
  /** Of a session, whose creator needs `role`: what others need in its place. Always there where a session is what it is on. */
  readonly others?: Role | "nobody";
}

/** What a caller needs, all of it, where an operation deals with two objects. */
export interface OperationRight extends Right {
  /** What is needed besides. */
  readonly also?: readonly Right[];
}
