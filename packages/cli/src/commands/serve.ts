import type { Environment } from "../streams.ts";

/** `contentlib serve`: the server in this process. Its flags are its own, so they are passed on as they came. */
export async function serveCommand(flags: readonly string[], env: Environment): Promise<number> {
  const { serve } = await import("@contentlib/server");
  const status: unknown = await serve(flags, env);
  return typeof status === "number" ? status : 0;
}
