import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import type { HostResolver } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { codeOf } from "../private-file.ts";

/** Finds addresses the way every program of this machine does, the file of hosts included. */
export class SystemResolver implements HostResolver {
  async resolve(host: string): Promise<readonly string[]> {
    try {
      const found = await lookup(host, { all: true });
      return found.map(({ address }) => address);
    } catch (error) {
      const isSilent = codeOf(error) === "EAI_AGAIN";
      throw new RemoteError(
        "no-host",
        isSilent
          ? `The name server does not answer for the host ${host}. Try again later.`
          : `There is no host ${host}: check its name.`,
        { cause: error, retry: isSilent ? "safe" : "never" },
      );
    }
  }
}

/** All addresses of this machine, as they are now. */
export const machineAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).map(({ address }) => address),
  );
