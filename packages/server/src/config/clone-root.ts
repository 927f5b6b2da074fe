import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const isCloneRoot = (folder: string): boolean => {
  if (!existsSync(join(folder, "package-lock.json"))) return false;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return (
      typeof manifest === "object" &&
      manifest !== null &&
      "name" in manifest &&
      manifest.name === "contentlib"
    );
  } catch {
    return false;
  }
};

/** The root of the clone that `folder` lies in; null when it lies in an installed package. */
export const cloneRootOf = (folder: string): string | null => {
  if (folder.split(sep).includes("node_modules")) return null;
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (isCloneRoot(candidate)) return candidate;
    if (candidate === dirname(candidate)) return null;
  }
};
