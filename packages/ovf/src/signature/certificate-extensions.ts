import { BitString, Boolean as Asn1Boolean, Integer, OctetString } from "asn1js";
import { type Asn1, Asn1Error, oidOf, readAsn1, sequenceOf, unsignedOf } from "./asn1.ts";

/** What the extensions of a certificate allow its key to be used for (RFC 5280 4.2). */
export interface Purposes {
  /** Whether it may issue certificates, and how many authorities may stand between it and a signer; null is any number. */
  readonly isAuthority: boolean;
  readonly pathLengthMax: number | null;
  /** Whether its key may sign texts, and certificates. */
  readonly maySign: boolean;
  readonly mayIssue: boolean;
  /** Whether it may sign code: what has no list of purposes may. */
  readonly mayVouchForCode: boolean;
  /** An extension that it must not be used without understanding, and that is not understood here; null where there is none. */
  readonly unknown: string | null;
}

interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Asn1;
}

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const NAME_CONSTRAINTS = "2.5.29.30";
/** Names of the subject, and policies: they ask for nothing here even where they are critical. */
const HARMLESS = new Set(["2.5.29.14", "2.5.29.17", "2.5.29.18", "2.5.29.32", "2.5.29.35"]);
const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ...HARMLESS]);
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
const ANY_PURPOSE = "2.5.29.37.0";
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;

const readExtension = (extension: Asn1): Extension => {
  const [id, ...rest] = sequenceOf(extension);
  const value = rest.at(-1);
  if (!(value instanceof OctetString)) throw new Asn1Error("an extension in it has no value");
  const critical = rest.length > 1 ? rest[0] : undefined;
  const isCritical = critical instanceof Asn1Boolean && critical.getValue();
  return { id: oidOf(id), isCritical, value: readAsn1(new Uint8Array(value.getValue())) };
};

const readConstraints = (
  value: Asn1 | undefined,
): Pick<Purposes, "isAuthority" | "pathLengthMax"> => {
  const members = value === undefined ? [] : sequenceOf(value);
  const isAuthority = members[0] instanceof Asn1Boolean && members[0].getValue();
  const length = members.find((member) => member instanceof Integer);
  if (length === undefined) return { isAuthority, pathLengthMax: null };
  const pathLengthMax = unsignedOf(length).reduce((sum, byte) => sum * 0x100 + byte, 0);
  return { isAuthority, pathLengthMax };
};

const readUsage = (value: Asn1 | undefined): Pick<Purposes, "maySign" | "mayIssue"> => {
  if (value === undefined) return { maySign: true, mayIssue: true };
  if (!(value instanceof BitString)) throw new Asn1Error("its key usage can not be read");
  const bits = value.valueBlock.valueHexView[0] ?? 0;
  return { maySign: (bits & DIGITAL_SIGNATURE) !== 0, mayIssue: (bits & KEY_CERT_SIGN) !== 0 };
};

const isForCode = (value: Asn1 | undefined): boolean =>
  value === undefined ||
  sequenceOf(value).some((purpose) => [CODE_SIGNING, ANY_PURPOSE].includes(oidOf(purpose)));

/** Constraints of names are not kept here, so what has them vouches for nobody. */
const isUnknown = ({ id, isCritical }: Extension): boolean =>
  id === NAME_CONSTRAINTS || (isCritical && !UNDERSTOOD.has(id));

/** Reads the extensions of a certificate; it may have each once. */
export const readPurposes = (extensions: readonly Asn1[]): Purposes => {
  const read = extensions.map(readExtension);
  const byId = new Map(read.map(({ id, value }) => [id, value]));
  if (byId.size !== read.length) throw new Asn1Error("it has an extension twice");
  return {
    ...readConstraints(byId.get(BASIC_CONSTRAINTS)),
    ...readUsage(byId.get(KEY_USAGE)),
    mayVouchForCode: isForCode(byId.get(EXTENDED_KEY_USAGE)),
    unknown: read.find(isUnknown)?.id ?? null,
  };
};
