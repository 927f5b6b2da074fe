import { readFileSync } from "node:fs";

/** Where in /proc/PID/stat, behind the name of the program, the state is, and when the process began. */
const [STATE, BEGAN] = [0, 19];

/**
 * Whether a process of this machine is gone for certain. One that has ended and that nobody has collected, as in a container without
 * an init, is gone too; so is one whose number another has now, if `mark` is what `processMark` told of it.
 */
export function isProcessGone(processId: number, mark?: string): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // One of another user may not be signalled, and what it is can be read all the same.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return true;
  }
  const told = statOf(processId);
  if (told === undefined) return false;
  const isEnded = told[STATE] === "Z" || told[STATE] === "X";
  return isEnded || (mark !== undefined && told[BEGAN] !== mark);
}

/** What tells a process from another one that has its number later; undefined where the system does not tell. */
export const processMark = (processId: number): string | undefined => statOf(processId)?.[BEGAN];

/** What Linux tells of a process. Its program's name stands in brackets, and can hold any character. */
function statOf(processId: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // Another system, or a process that has just gone.
    return undefined;
  }
}
