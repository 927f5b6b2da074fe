import { GeneralizedTime, UTCTime } from "asn1js";
import { type Asn1, Asn1Error, bytesOf } from "./asn1.ts";

const FORM = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
/** A length below this is one byte, after that of the tag. */
const HEADER_BYTES = 2;

/** Reads a time of a certificate (RFC 5280 4.1.2.5): UTC with seconds; years of two digits are those of 1950 to 2049. */
export const readCertificateTime = (value: Asn1 | undefined): Date => {
  if (!(value instanceof UTCTime)) throw new Asn1Error("a time is missing in it");
  const text = String.fromCharCode(...bytesOf(value).subarray(HEADER_BYTES));
  const [, year = "", month = "", day, hour, minute, second] = FORM.exec(text) ?? [];
  const century = Number(year) < 50 ? "20" : "19";
  const full = value instanceof GeneralizedTime ? year : `${century}${year}`;
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // A day that its month does not have would become one of the next.
  const isOne = full.length === 4 && !Number.isNaN(date.getTime()) && date.toISOString() === iso;
  if (!isOne) throw new Asn1Error("a time in it is none");
  return date;
};
