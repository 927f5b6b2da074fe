// The least that can stand between a client and a commit: one synced commit for each request, on the thread that answers it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BareCommits } from "./bare-commits.ts";

const [folder = "."] = process.argv.slice(2);
const commits = new BareCommits(folder);
const server = createServer((_request, response) => {
  commits.next();
  response.writeHead(200, { "Content-Length": 0 }).end();
});
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
process.on("SIGTERM", () => process.exit(0));
