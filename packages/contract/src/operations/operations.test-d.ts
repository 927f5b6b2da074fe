import type {
  ItemModel,
  LibraryModel,
  MessageModel,
  UpdateSessionCreateSpec,
  UpdateSessionModel,
} from "../models/models.ts";
import type { Message } from "../vocabulary/faults.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { OperationFaults, OperationInput, OperationOutput } from "./operations.ts";

/** Compiles only where the value fits. */
declare const takes: <Expected>(value: Expected) => void;

declare const session: OperationOutput<"updateSession.get">;
declare const library: OperationOutput<"library.get">;
declare const item: OperationOutput<"item.get">;
declare const message: Message;

takes<UpdateSessionModel>(session);
takes<LibraryModel>(library);
takes<ItemModel>(item);
takes<MessageModel>(message);
takes<"ACTIVE" | "DONE" | "ERROR" | "CANCELED">(session.state);
takes<number>(session.client_progress);
takes<string>(session.expiration_time);

takes<OperationInput<"updateSession.keepAlive">>({ update_session_id: "s" });
takes<OperationInput<"updateSession.keepAlive">>({ update_session_id: "s", client_progress: 5 });
takes<OperationInput<"updateSession.create">>({ create_spec: { library_item_id: "i" } });
takes<OperationInput<"updateSession.update">>({
  update_session_id: "s",
  update_spec: { state: 17 },
});
takes<OperationOutput<"updateSession.complete">>(undefined);
takes<OperationFaults<"updateSession.create">>("resource_busy");

// @ts-expect-error an absent member is left out, not undefined
takes<OperationInput<"updateSession.keepAlive">>({
  update_session_id: "s",
  client_progress: undefined,
});
// @ts-expect-error the item is required
takes<OperationInput<"updateSession.create">>({ create_spec: {} });
// @ts-expect-error a member of the model that create does not use
takes<UpdateSessionCreateSpec>({ library_item_id: "i", state: "ACTIVE" });
// @ts-expect-error the session is required
takes<OperationInput<"updateSession.complete">>({});
// @ts-expect-error no such state
takes<UpdateSessionModel["state"]>("EXPIRED");
// @ts-expect-error an undeclared class
takes<OperationFaults<"updateSession.get">>("resource_busy");
// @ts-expect-error no such operation
takes<OperationId>("updateSession.explode");
// @ts-expect-error nobody changes a result
session.state = "DONE";
