import { FINDINGS } from "../finding-codes.ts";
import type { Finding, Report, Severity } from "../finding.ts";
import { FINDINGS_MAX } from "../limits.ts";

/** A finding, and how many came before it. */
interface NumberedFinding {
  readonly number: number;
  readonly finding: Finding;
}

/** What makes room for what: the least grave first. */
const LEAST_GRAVE_FIRST: readonly Severity[] = ["note", "warning"];

/** Keeps the first findings of a file, errors before warnings before notes, and counts all of them. */
export class FindingTally {
  readonly #kept: Record<Severity, NumberedFinding[]> = { error: [], warning: [], note: [] };
  #keptCount = 0;
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };

  /** Takes one finding; can be handed on as a function. */
  readonly take: Report = (finding) => {
    const { severity } = FINDINGS[finding.code];
    const { error, warning, note } = this.#counts;
    this.#counts[severity] += 1;
    if (this.#keptCount === FINDINGS_MAX) this.#makeRoomFor(severity);
    if (this.#keptCount === FINDINGS_MAX) return;
    this.#kept[severity].push({ number: error + warning + note, finding });
    this.#keptCount += 1;
  };

  /** Lets go of the last of those that are less grave, if there are any. */
  #makeRoomFor(severity: Severity): void {
    for (const lesser of LEAST_GRAVE_FIRST) {
      if (lesser === severity || this.#keptCount < FINDINGS_MAX) return;
      if (this.#kept[lesser].pop() !== undefined) this.#keptCount -= 1;
    }
  }

  /** What a report says of findings. */
  get told(): {
    readonly findings: readonly Finding[];
    readonly findingsBeyond: number;
    readonly errors: number;
    readonly warnings: number;
    readonly notes: number;
  } {
    const { error, warning, note } = this.#counts;
    return {
      // As they came, so that those of one file and one pass stand together.
      findings: Object.values(this.#kept)
        .flat()
        .sort((one, other) => one.number - other.number)
        .map(({ finding }) => finding),
      findingsBeyond: error + warning + note - this.#keptCount,
      errors: error,
      warnings: warning,
      notes: note,
    };
  }
}
