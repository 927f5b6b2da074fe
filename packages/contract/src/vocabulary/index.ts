export * from "./fault-class.ts";
export * from "./faults.ts";
export * from "./limits.ts";
