// Starts a script of this folder: node tools/run.mjs tools/NAME.ts [arguments]
import { resolve } from "node:path";
import { prepare } from "./prepare.mjs";
import { isNewEnough, runFile } from "./runtime.mjs";

prepare();
const script = resolve(process.argv[2]);
if (isNewEnough()) process.argv.splice(1, 2, script);
await runFile(script);
