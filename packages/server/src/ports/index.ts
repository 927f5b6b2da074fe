export * from "./authenticator.ts";
export * from "./blob-store.ts";
export * from "./catalog.ts";
export * from "./clock.ts";
export * from "./id-source.ts";
export * from "./journal.ts";
export * from "./port-error.ts";
export * from "./request-journal.ts";
