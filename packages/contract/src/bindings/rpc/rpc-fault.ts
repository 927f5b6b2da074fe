import { FAULT_CLASSES, type FaultClass } from "../../vocabulary/fault-class.ts";
import type { MemberShape, ObjectShape, Shape } from "../../vocabulary/shape.ts";
import type { MessageValue } from "../messages.ts";
import type { ReplyFault } from "../replies.ts";
import { type DataValue, structureIn } from "./data-value.ts";
import { DecoderCompiler } from "./decoder.ts";
import { EncoderCompiler } from "./encoder.ts";
import { FAILED, Unwrapping } from "./unwrapping.ts";

const ERRORS = "com.vmware.vapi.std.errors.";

/** The canonical name of an error class, which the header `vapi-error` repeats. */
export const errorNameOf = (faultClass: FaultClass): string => `${ERRORS}${faultClass}`;

const optional = (shape: Shape): MemberShape => ({ shape, required: false, sentence: "" });

/** An error of a class: what all of them have, and the challenge that only one has. */
const errorShape = (faultClass: FaultClass, message: Shape): ObjectShape => {
  const members = new Map<string, MemberShape>([
    ["messages", { ...optional({ kind: "list", element: message, isSet: false }), required: true }],
    ["data", optional({ kind: "anything" })],
    ["error_type", optional({ kind: "string" })],
  ]);
  if (faultClass === "unauthenticated") members.set("challenge", optional({ kind: "string" }));
  return {
    kind: "object",
    name: "",
    canonical: errorNameOf(faultClass),
    apiRequired: new Set(["messages"]),
    unions: [],
    about: "",
    members,
    ignored: new Set(),
    compared: new Set(),
  };
};

/** Both directions of errors. */
export interface RpcFaultCodec {
  encode(faultClass: FaultClass, messages: readonly MessageValue[], challenge?: string): DataValue;
  /** The error in the member `error` of a result; `undefined` where it is none that this API has. */
  decode(value: unknown): ReplyFault | undefined;
}

/** Makes the codec of errors from the shape of their messages. */
export const createRpcFaultCodec = (message: Shape): RpcFaultCodec => {
  const encoders = new EncoderCompiler();
  const decodeMessage = new DecoderCompiler().decoderOf({
    kind: "list",
    element: message,
    isSet: false,
  });
  const encoderByClass = new Map(
    FAULT_CLASSES.map((faultClass) => [
      faultClass,
      encoders.structureEncoderOf(errorShape(faultClass, message), "ERROR"),
    ]),
  );
  return {
    encode: (faultClass, messages, challenge) => {
      const encode = encoderByClass.get(faultClass);
      if (encode === undefined) throw new TypeError(`There is no class ${faultClass}.`);
      return encode({ messages, error_type: faultClass.toUpperCase(), challenge });
    },
    decode: (value) => {
      // An error in STRUCTURE is one that other clients forgive.
      const error = structureIn("ERROR", value) ?? structureIn("STRUCTURE", value);
      const found = FAULT_CLASSES.find((known) => errorNameOf(known) === error?.name);
      if (error === undefined || found === undefined) return undefined;
      const messages = decodeMessage(error.members["messages"], "messages", new Unwrapping(true));
      return messages === FAILED
        ? undefined
        : { class: found, messages: messages as readonly MessageValue[] };
    },
  };
};
