import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./command.ts";

/** Most bytes that all of the client may have in a browser, minified and gzipped. */
export const CLIENT_BYTES_MAX = 30_000;

/** A page's script with all that the client exports, as a bundler makes it. */
export interface ClientBundle {
  readonly script: string;
  /** Bytes, minified and gzipped. */
  readonly gzippedBytes: number;
  /** Files of packages other than the client and the contract, and of the client's part for Node; none should be. */
  readonly foreign: readonly string[];
}

const sources = join(root, "packages", "client", "src");
const own = /^packages\/(client|contract)\/src\/(?!node\/)/;

/** Bundles the client's door for browsers, and `more` behind it; imports of `more` begin at the client's sources. */
export async function bundleClient(more = ""): Promise<ClientBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from "./index.ts";\n${more}`, resolveDir: sources, loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const [script] = outputFiles;
  const inputs = Object.keys(metafile.inputs).filter((path) => path !== "<stdin>");
  return {
    script: script?.text ?? "",
    gzippedBytes: gzipSync(script?.contents ?? "").byteLength,
    foreign: inputs.filter((path) => !own.test(path)),
  };
}
