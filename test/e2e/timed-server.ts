// A server whose time its parent moves. Its arguments say: DIRECTORY PORT AHEAD_MS PASSWORD. It tells its parent
// its address, and moves both of its clocks ahead by each number of milliseconds it is told.
import { flushCompileCache } from "node:module";
import { startServer } from "@contentlib/server";
import { AheadClock } from "./ahead-clock.ts";

const [directory = "", port = "0", ahead = "0", adminPassword = ""] = process.argv.slice(2);

const clock = new AheadClock(Number(ahead));
const { url } = await startServer({
  dataDirectory: directory,
  listen: { host: "127.0.0.1", port: Number(port) },
  adminPassword,
  clock,
});
// Who is killed has no time for it.
flushCompileCache();
process.on("message", (byMs) => {
  clock.aheadMs += Number(byMs);
  process.send?.("moved");
});
// A parent that is gone leaves no server behind.
process.on("disconnect", () => process.exit());
process.send?.(url);
