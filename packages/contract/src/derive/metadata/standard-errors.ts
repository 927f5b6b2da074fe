import { FAULT_CLASSES, IMPLICIT_FAULT_CLASSES } from "../../vocabulary/fault-class.ts";
import {
  type ApiEnumeration,
  type ApiOperation,
  type ApiStructure,
  builtin,
  enumerationOf,
  listOfType,
  optionalOf,
  structureOf,
} from "./api-type.ts";

const ERRORS = "com.vmware.vapi.std.errors";
const ERROR_TYPE = `${ERRORS}.error.type`;

/** The text for people that errors and other structures carry. */
export const MESSAGE = "com.vmware.vapi.std.localizable_message";

/** The dotted name of an error class. */
export const errorName = (faultClass: string): string => `${ERRORS}.${faultClass}`;

const FIELDS: ApiStructure["fields"] = [
  {
    name: "messages",
    type: listOfType(structureOf(MESSAGE)),
    about: "What went wrong, in sentences.",
  },
  {
    name: "data",
    type: optionalOf(builtin("DYNAMIC_STRUCTURE")),
    about: "More about the error, in a structure of any name.",
  },
  {
    name: "error_type",
    type: optionalOf(enumerationOf(ERROR_TYPE)),
    about: "The class of the error as a word.",
  },
];

const CHALLENGE: ApiStructure["fields"][number] = {
  name: "challenge",
  type: optionalOf(builtin("STRING")),
  about: "How to prove who calls.",
};

const structureOfClass = (faultClass: string): ApiStructure => ({
  name: errorName(faultClass),
  about: `The error class ${faultClass}.`,
  isError: true,
  fields: faultClass === "unauthenticated" ? [...FIELDS, CHALLENGE] : FIELDS,
  unions: [],
});

/** The standard errors of the API, as structures. */
export const STANDARD_ERRORS: readonly ApiStructure[] = FAULT_CLASSES.map(structureOfClass);

/** The words for the classes of errors. */
export const ERROR_TYPES: ApiEnumeration = {
  name: ERROR_TYPE,
  values: FAULT_CLASSES.map((faultClass) => faultClass.toUpperCase()),
};

/** The errors of an operation, by name: those it declares, and those that all operations share. */
export const errorsOf = ({ errors }: ApiOperation): ReadonlySet<string> =>
  new Set([...errors, ...IMPLICIT_FAULT_CLASSES.map(errorName)]);
