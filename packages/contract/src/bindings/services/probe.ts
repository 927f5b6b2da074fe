import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

/** How an address is tried. */
export const PROBE_BINDINGS = {
  "probe.get": {
    api: api.get(`${api.OURS}/probe`, "uri", "thumbprint", "key_pin", "ca_pin", "secret"),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
