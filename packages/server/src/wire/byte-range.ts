/** Part of a file. */
export interface ByteRange {
  readonly start: number;
  readonly endExclusive: number;
}

/** What a `Range` header asks of a file. */
export type RangeOutcome =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly range: ByteRange }
  | { readonly kind: "unsatisfiable" };

const WHOLE: RangeOutcome = { kind: "whole" };
const UNSATISFIABLE: RangeOutcome = { kind: "unsatisfiable" };
const ONE_RANGE = /^bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*$/i;

/** One satisfiable range is a part; several, another unit, or a malformed one is ignored (RFC 9110 14.2, contract P17). */
export const rangeOf = (header: string | null, sizeBytes: number): RangeOutcome => {
  const parts = header === null ? null : ONE_RANGE.exec(header);
  const [, first = "", last = ""] = parts ?? [];
  if (parts === null || (first === "" && last === "")) return WHOLE;
  if (first === "") {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0
      ? UNSATISFIABLE
      : { kind: "part", range: { start: sizeBytes - count, endExclusive: sizeBytes } };
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes - 1 : Number(last);
  if (end < start && last !== "") return WHOLE;
  if (start >= sizeBytes) return UNSATISFIABLE;
  return { kind: "part", range: { start, endExclusive: Math.min(end + 1, sizeBytes) } };
};
