import { readFileSync } from "node:fs";

/** The version of this package, from its manifest, which lies above the sources in a clone and above `dist` when published. */
export const readVersion = (): string => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const manifest: unknown = JSON.parse(text);
  const isNamed = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isNamed ? String(manifest.version) : "unknown";
};
