/** The network a client's address counts as; the wire counts connections by the rule that guessing is counted by. */
export { networkOf } from "../domain/network-of.ts";
