import type { OperationId, OperationInput, OperationOutput } from "@contentlib/contract";
import type { Services } from "./services.ts";

type Method<Id extends OperationId> =
  Id extends `${infer Noun extends keyof Services}.${infer Verb}`
    ? Verb extends keyof Services[Noun]
      ? Services[Noun][Verb]
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
