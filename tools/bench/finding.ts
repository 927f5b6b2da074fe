import { median } from "./statistics.ts";

/** Values of one kind, one a round. */
export interface Series {
  /** What was measured, e.g. the baseline's name. */
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** One line of the table. */
export interface Finding {
  readonly measure: string;
  readonly product: Series;
  /** What the product is compared with; absent where the bound is absolute. */
  readonly baseline?: Series;
  /** The figure that is held against the bound: a ratio, or the product's own median. */
  readonly figure: number;
  /** The bound in words, as the table shows it. */
  readonly reach: string;
  /** Null for what is only reported. */
  readonly passed: boolean | null;
  readonly note?: string;
  /** Why nothing was measured. */
  readonly skipped?: string;
  /** Measured in the same rounds, to be read beside the rest. */
  readonly beside?: readonly Series[];
}

export interface Bound {
  readonly sign: ">=" | "<=";
  readonly limit: number;
}

const holds = (figure: number, { sign, limit }: Bound): boolean =>
  sign === ">=" ? figure >= limit : figure <= limit;

type Told = Pick<Finding, "measure" | "product" | "note" | "beside">;

/** Holds the quotient of the two medians against the bound. */
export function ratioFinding(told: Told & { readonly baseline: Series }, bound: Bound): Finding {
  const figure = median(told.product.values) / median(told.baseline.values);
  return {
    ...told,
    figure,
    reach: `${bound.sign} ${String(bound.limit)} x`,
    passed: holds(figure, bound),
  };
}

/** The quotient of the two medians, held against nothing. */
export const reportedFinding = (told: Told & { readonly baseline: Series }): Finding => ({
  ...told,
  figure: median(told.product.values) / median(told.baseline.values),
  reach: "-",
  passed: null,
});

/** Holds the product's median itself against the bound; a baseline is there to be compared by eye. */
export function absoluteFinding(
  told: Told & { readonly baseline?: Series },
  bound: Bound,
): Finding {
  const figure = median(told.product.values);
  return {
    ...told,
    figure,
    reach: `${bound.sign} ${String(bound.limit)} ${told.product.unit}`,
    passed: holds(figure, bound),
  };
}

/** Holds the product's median against a multiple of the baseline's and an allowance on top. */
export function allowanceFinding(
  told: Told & { readonly baseline: Series },
  bound: { readonly factor: number; readonly allowance: number },
): Finding {
  const figure = median(told.product.values);
  const limit = median(told.baseline.values) * bound.factor + bound.allowance;
  const { unit } = told.product;
  return {
    ...told,
    figure,
    reach: `<= ${String(bound.factor)} x + ${String(bound.allowance)} ${unit}`,
    passed: figure <= limit,
  };
}

/** Stands for what this machine can not measure, and says why. */
export const skippedFinding = (measure: string, reason: string): Finding => ({
  measure,
  product: { name: "contentlib", unit: "", values: [] },
  figure: Number.NaN,
  reach: "-",
  passed: null,
  skipped: reason,
});
