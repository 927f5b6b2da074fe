// Reads files in a process of its own, and prints by how much its resident memory grew.
import { lintFiles, standardInput } from "@contentlib/ovf/node";

const idleBytes = process.memoryUsage.rss();
const codes: string[][] = [];
const stdin = {
  [Symbol.asyncIterator]: () => standardInput(new AbortController().signal)[Symbol.asyncIterator](),
};
for await (const { findings } of lintFiles(process.argv.slice(2), { stdin }))
  codes.push([...new Set(findings.map(({ code }) => code))].toSorted());
const growthBytes = process.resourceUsage().maxRSS * 1024 - idleBytes;
console.log(JSON.stringify({ growthBytes, codes }));
