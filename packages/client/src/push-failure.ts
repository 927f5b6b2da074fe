import { AbortedError } from "./errors.ts";
import type { FailureNews } from "./push-news.ts";
import { fateOf } from "./upload-endpoint.ts";

/** What an error means for a push. */
export function failureOf(thrown: unknown, isOurs: boolean): FailureNews {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof AbortedError) return { name: "aborted", error, isOurs };
  const fate = fateOf(error);
  const name = fate === "broke" || fate === "superseded" ? fate : "refused";
  return { name, error, isOurs };
}
