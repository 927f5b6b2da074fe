import type { AddressInfo, Server } from "node:net";
import type { ListenAddress } from "../config/listen-address.ts";
import { hostInUrl } from "../config/listen-address.ts";
import { StartError, systemCodeOf } from "./start-error.ts";

/** The settings that say where something listens. */
export type ListenFlag = "--listen" | "--metrics-listen";

const explained = (error: Error, { host, port }: ListenAddress, flag: ListenFlag): Error => {
  const where = `${hostInUrl(host)}:${port}`;
  switch (systemCodeOf(error)) {
    case "EADDRINUSE":
      return new StartError(
        `Another program listens on ${where}: stop it, or choose another port with ${flag}.`,
        { cause: error },
      );
    case "EACCES":
      return new StartError(
        `Listening on ${where} is not allowed: choose a port above 1023 with ${flag}.`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartError(`This machine has no address ${host}: choose another with ${flag}.`, {
        cause: error,
      });
    default:
      return error;
  }
};

/** Listens, and resolves with the port. Rejects with a `StartError` that names the setting for what the operator can mend. */
export const listenOn = async (
  server: Server,
  address: ListenAddress,
  flag: ListenFlag,
): Promise<number> => {
  const { host, port } = address;
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error): void => reject(explained(error, address, flag));
    server.once("error", onError);
    server.listen({ host, port }, () => {
      server.off("error", onError);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
};
