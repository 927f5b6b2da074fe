import type { z } from "zod";
import type { Immutable } from "../vocabulary/immutable.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import { DOWNLOAD_SESSION_OPERATIONS } from "./download-session.ts";
import { DOWNLOAD_SESSION_FILE_OPERATIONS } from "./download-session-file.ts";
import { ITEM_OPERATIONS } from "./item.ts";
import { ITEM_FILE_OPERATIONS } from "./item-file.ts";
import { ITEM_STORAGE_OPERATIONS } from "./item-storage.ts";
import { LIBRARY_OPERATIONS } from "./library.ts";
import { LOCAL_LIBRARY_OPERATIONS } from "./local-library.ts";
import { LOGIN_OPERATIONS } from "./login.ts";
import type { Operation } from "./operation.ts";
import { UPDATE_SESSION_OPERATIONS } from "./update-session.ts";
import { UPDATE_SESSION_FILE_OPERATIONS } from "./update-session-file.ts";

/** Every operation of the contract by its id. */
export const OPERATIONS = {
  ...LOGIN_OPERATIONS,
  ...LIBRARY_OPERATIONS,
  ...LOCAL_LIBRARY_OPERATIONS,
  ...ITEM_OPERATIONS,
  ...ITEM_FILE_OPERATIONS,
  ...ITEM_STORAGE_OPERATIONS,
  ...UPDATE_SESSION_OPERATIONS,
  ...UPDATE_SESSION_FILE_OPERATIONS,
  ...DOWNLOAD_SESSION_OPERATIONS,
  ...DOWNLOAD_SESSION_FILE_OPERATIONS,
} as const satisfies Readonly<Record<OperationId, Operation>>;

/** What an operation takes: an object of the API's own parameter names. */
export type OperationInput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["input"]>
>;

/** What an operation answers; `void` where it answers nothing. */
export type OperationOutput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["output"]>
>;

/** The classes an operation declares beside the implicit ones. */
export type OperationFaults<Id extends OperationId> = (typeof OPERATIONS)[Id]["faults"][number];
