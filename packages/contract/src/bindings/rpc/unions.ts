import type { UnionShape } from "../../vocabulary/shape.ts";
import type { Members } from "./data-value.ts";

/** How a structure breaks a union: the member that should be there or should not, and why. */
export interface BrokenUnion {
  readonly member: string;
  readonly reason: string;
}

interface CompiledCase {
  readonly required: readonly string[];
  /** Members of the union that do not go with this case. */
  readonly refused: readonly string[];
}

interface CompiledUnion {
  readonly tag: string;
  readonly cases: ReadonlyMap<string, CompiledCase>;
}

const compileUnion = ({ tag, cases }: UnionShape): CompiledUnion => {
  const named = new Set(
    Object.values(cases).flatMap(({ required = [], allowed = [] }) => [...required, ...allowed]),
  );
  const compiled = Object.entries(cases).map(
    ([value, { required = [], allowed = [] }]): [string, CompiledCase] => {
      const fitting = new Set([...required, ...allowed]);
      return [value, { required, refused: [...named].filter((name) => !fitting.has(name)) }];
    },
  );
  return { tag, cases: new Map(compiled) };
};

const brokenBy = ({ tag, cases }: CompiledUnion, members: Members): BrokenUnion | undefined => {
  const value = members[tag];
  const found = typeof value === "string" ? cases.get(value) : undefined;
  if (found === undefined) return undefined;
  const missing = found.required.find((name) => members[name] === undefined);
  if (missing !== undefined)
    return { member: missing, reason: `it is required with the ${tag} ${String(value)}` };
  const surplus = found.refused.find((name) => members[name] !== undefined);
  return surplus === undefined
    ? undefined
    : { member: surplus, reason: `it does not go with the ${tag} ${String(value)}` };
};

/**
 * A check of the unions of a structure. A tag that is unset, or of a value the unions do not know, decides nothing: whoever reads
 * the tag itself will judge it.
 */
export const unionChecker = (
  unions: readonly UnionShape[],
): ((members: Members) => BrokenUnion | undefined) | undefined => {
  if (unions.length === 0) return undefined;
  const compiled = unions.map(compileUnion);
  return (members) => {
    for (const union of compiled) {
      const broken = brokenBy(union, members);
      if (broken !== undefined) return broken;
    }
    return undefined;
  };
};
