import type { OperationId, OperationInput, OperationOutput } from "@contentlib/contract";
import type { Services } from "./services.ts";

/** The member of `Services` that holds the operations of a noun. */
interface MemberOf {
  readonly login: "login";
  readonly library: "libraries";
  readonly localLibrary: "localLibraries";
  readonly item: "items";
  readonly itemFile: "itemFiles";
  readonly itemStorage: "itemStorage";
  readonly updateSession: "updateSessions";
  readonly updateSessionFile: "updateSessionFiles";
  readonly downloadSession: "downloadSessions";
  readonly downloadSessionFile: "downloadSessionFiles";
  readonly configuration: "configuration";
  readonly itemChange: "itemChanges";
  readonly securityPolicy: "securityPolicies";
  readonly subscribedItem: "subscribedItems";
  readonly subscribedLibrary: "subscribedLibraries";
  readonly subscription: "subscriptions";
  readonly trustedCertificate: "trustedCertificates";
  readonly type: "types";
}

type Method<Id extends OperationId> =
  Id extends `${infer Noun extends keyof MemberOf}.${infer Verb}`
    ? Verb extends keyof Services[MemberOf[Noun]]
      ? Services[MemberOf[Noun]][Verb]
      : never
    : never;

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** Whether a generated method takes and gives exactly what the contract says; without parameters it takes options only. */
type IsFaithful<Id extends OperationId> =
  Method<Id> extends (...args: infer Args) => Promise<infer Output>
    ? Same<Output, OperationOutput<Id>> extends true
      ? string extends keyof OperationInput<Id>
        ? true
        : Same<NonNullable<Args[0]>, OperationInput<Id>>
      : false
    : false;

type Unfaithful = { [Id in OperationId]: IsFaithful<Id> extends true ? never : Id }[OperationId];

/** The login is made from the client's options and a stream is no call, so they are no methods; every other operation must be here. */
export const unfaithful: Same<Unfaithful, "login.create" | "event.stream"> = true;
