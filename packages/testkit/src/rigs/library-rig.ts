import type { OperationInput, OperationOutput } from "@contentlib/contract";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { Settings } from "@contentlib/server/app/ports";
import type { AppRig, RigStorage } from "./app-rig.ts";
import { aCall, memoryStorage, RIG_SETTINGS, startApp } from "./app-rig.ts";

type Handlers = AppRig["app"]["handlers"];
type LibraryId = string;
type PublishInfo = NonNullable<
  OperationInput<"localLibrary.create">["create_spec"]["publish_info"]
>;
type SubscriptionInfo =
  OperationInput<"subscribedLibrary.create">["create_spec"]["subscription_info"];

/** A source that needs no login. */
export const OPEN_SOURCE = {
  authentication_method: "NONE",
  automatic_sync_enabled: false,
  on_demand: true,
  subscription_url: "https://publisher.example/cls/vcsp/lib/1/lib.json",
} as const satisfies SubscriptionInfo;

/** An app without anything in it, and short words for making libraries of all kinds. */
export class LibraryRig {
  readonly clock: ManualClock;
  readonly storage: RigStorage;
  readonly rig: AppRig;

  private constructor(clock: ManualClock, storage: RigStorage, rig: AppRig) {
    this.clock = clock;
    this.storage = storage;
    this.rig = rig;
  }

  /** On memory, or on what the test makes of it. */
  static async open(
    around: (storage: RigStorage) => RigStorage = (storage) => storage,
    settings: Partial<Settings> = {},
  ): Promise<LibraryRig> {
    const clock = new ManualClock();
    const storage = around(await memoryStorage(clock));
    const rig = await startApp(clock, storage, { ...RIG_SETTINGS, ...settings });
    return new LibraryRig(clock, storage, rig);
  }

  get handlers(): Handlers {
    return this.rig.app.handlers;
  }

  /** A local library, published as told; the names of what was ignored go into the list. */
  local(publish_info?: PublishInfo, ignored: string[] = []): Promise<LibraryId> {
    const create_spec = { name: "images", ...(publish_info === undefined ? {} : { publish_info }) };
    return this.handlers["localLibrary.create"]({ create_spec }, aCall(ignored));
  }

  /** A published library that anybody may follow. */
  published(): Promise<LibraryId> {
    return this.local({ authentication_method: "NONE", published: true });
  }

  subscribed(
    subscription_info: SubscriptionInfo = OPEN_SOURCE,
    ignored: string[] = [],
  ): Promise<LibraryId> {
    const create_spec = { name: "copies", subscription_info };
    return this.handlers["subscribedLibrary.create"]({ create_spec }, aCall(ignored));
  }

  get(library_id: LibraryId): Promise<OperationOutput<"library.get">> {
    return this.handlers["library.get"]({ library_id }, aCall());
  }

  item(library_id: LibraryId): Promise<string> {
    const create_spec = { library_id, name: "debian" };
    return this.handlers["item.create"]({ create_spec }, aCall());
  }
}
