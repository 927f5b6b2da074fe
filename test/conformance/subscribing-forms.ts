import type { OperationOutput as Out } from "@contentlib/contract";
import type { Asking, FormName } from "./form.ts";
import { call } from "./rpc-form.ts";

type Id = string;
type Spec = Readonly<Record<string, unknown>>;

/** The calls around publishing and subscribing, beside those of `Form`. */
export interface SubscribingForm {
  createSubscribed(spec: Spec, token?: string): Asking<string>;
  listSubscribed(): Asking<string[]>;
  getSubscribed(id: Id): Asking<Out<"subscribedLibrary.get">>;
  updateSubscribed(id: Id, spec: Spec): Asking<void>;
  deleteSubscribed(id: Id): Asking<void>;
  evict(id: Id): Asking<void>;
  sync(id: Id): Asking<void>;
  probe(info: Spec): Asking<Out<"subscribedLibrary.probe">>;
  evictItem(id: Id): Asking<void>;
  syncItem(id: Id): Asking<void>;
  getLocal(id: Id): Asking<Out<"localLibrary.get">>;
  publish(id: Id, members?: Spec): Asking<void>;
  publishItem(id: Id, members?: Spec): Asking<void>;
  subscribe(library: Id, spec: Spec, token?: string): Asking<string>;
  listSubscriptions(library: Id): Asking<Out<"subscription.list">>;
  getSubscription(library: Id, id: Id): Asking<Out<"subscription.get">>;
  updateSubscription(library: Id, id: Id, spec: Spec): Asking<void>;
  deleteSubscription(library: Id, id: Id): Asking<void>;
}

const R = "/rest/com/vmware/content";
const A = "/api/content";
const withToken = (token: string | undefined): Spec =>
  token === undefined ? {} : { client_token: token };
const query = (token: string | undefined): string =>
  token === undefined ? "" : `?client_token=${token}`;
const to =
  (status: number) =>
  (
    method: string,
    path: string,
    body?: unknown,
  ): { method: string; path: string; body?: unknown; status: number } => ({
    method,
    path,
    status,
    ...(body === undefined ? {} : { body }),
  });
const ok = to(200);
const made = to(201);
const none = to(204);

const rest: SubscribingForm = {
  createSubscribed: (spec, token) =>
    ok("POST", `${R}/subscribed-library`, { ...withToken(token), create_spec: spec }),
  listSubscribed: () => ok("GET", `${R}/subscribed-library`),
  getSubscribed: (id) => ok("GET", `${R}/subscribed-library/id:${id}`),
  updateSubscribed: (id, spec) =>
    ok("PATCH", `${R}/subscribed-library/id:${id}`, { update_spec: spec }),
  deleteSubscribed: (id) => ok("DELETE", `${R}/subscribed-library/id:${id}`),
  evict: (id) => ok("POST", `${R}/subscribed-library/id:${id}?~action=evict`),
  sync: (id) => ok("POST", `${R}/subscribed-library/id:${id}?~action=sync`),
  probe: (info) => ok("POST", `${R}/subscribed-library?~action=probe`, { subscription_info: info }),
  evictItem: (id) => ok("POST", `${R}/library/subscribed-item/id:${id}?~action=evict`),
  syncItem: (id) =>
    ok("POST", `${R}/library/subscribed-item/id:${id}?~action=sync`, { force_sync_content: true }),
  getLocal: (id) => ok("GET", `${R}/local-library/id:${id}`),
  publish: (id, members = {}) => ok("POST", `${R}/local-library/id:${id}?~action=publish`, members),
  publishItem: (id, members = {}) =>
    ok("POST", `${R}/library/item/id:${id}?~action=publish`, {
      force_sync_content: false,
      ...members,
    }),
  subscribe: (library, spec, token) =>
    ok("POST", `${R}/library/subscriptions/id:${library}`, { ...withToken(token), spec }),
  listSubscriptions: (library) => ok("GET", `${R}/library/subscriptions?library=${library}`),
  getSubscription: (library, subscription) =>
    ok("POST", `${R}/library/subscriptions/id:${library}?~action=get`, { subscription }),
  updateSubscription: (library, subscription, spec) =>
    ok("PATCH", `${R}/library/subscriptions/id:${library}`, { subscription, spec }),
  deleteSubscription: (library, subscription) =>
    ok("POST", `${R}/library/subscriptions/id:${library}?~action=delete`, { subscription }),
};

const api: SubscribingForm = {
  createSubscribed: (spec, token) => made("POST", `${A}/subscribed-library${query(token)}`, spec),
  listSubscribed: () => ok("GET", `${A}/subscribed-library`),
  getSubscribed: (id) => ok("GET", `${A}/subscribed-library/${id}`),
  updateSubscribed: (id, spec) => none("PATCH", `${A}/subscribed-library/${id}`, spec),
  deleteSubscribed: (id) => none("DELETE", `${A}/subscribed-library/${id}`),
  evict: (id) => none("POST", `${A}/subscribed-library/${id}?action=evict`),
  sync: (id) => none("POST", `${A}/subscribed-library/${id}?action=sync`),
  probe: (info) => ok("POST", `${A}/subscribed-library?action=probe`, { subscription_info: info }),
  evictItem: (id) => none("POST", `${A}/library/subscribed-item/${id}?action=evict`),
  syncItem: (id) =>
    none("POST", `${A}/library/subscribed-item/${id}?action=sync`, { force_sync_content: true }),
  getLocal: (id) => ok("GET", `${A}/local-library/${id}`),
  publish: (id, members = {}) => none("POST", `${A}/local-library/${id}?action=publish`, members),
  publishItem: (id, members = {}) =>
    none("POST", `${A}/library/item/${id}?action=publish`, {
      force_sync_content: false,
      ...members,
    }),
  subscribe: (library, spec, token) =>
    made("POST", `${A}/library/${library}/subscriptions${query(token)}`, spec),
  listSubscriptions: (library) => ok("GET", `${A}/library/${library}/subscriptions`),
  getSubscription: (library, id) => ok("GET", `${A}/library/${library}/subscriptions/${id}`),
  updateSubscription: (library, id, spec) =>
    none("PATCH", `${A}/library/${library}/subscriptions/${id}`, spec),
  deleteSubscription: (library, id) =>
    none("DELETE", `${A}/library/${library}/subscriptions/${id}`),
};

const LIBRARY = "content.library_model";
const BY_LIBRARY = "library_id:text";
const SUBSCRIPTIONS = "content.library.subscriptions";
const BOTH = "library:text subscription:text";
const followed = (operation: string) => `content.subscribed_library.${operation}`;

const rpc: SubscribingForm = {
  createSubscribed: (create_spec, client_token) =>
    call(followed("create"), `client_token?:text create_spec:${LIBRARY} -> text`, {
      client_token,
      create_spec,
    }),
  listSubscribed: () => call(followed("list"), "-> [text]"),
  getSubscribed: (library_id) =>
    call(followed("get"), `${BY_LIBRARY} -> ${LIBRARY}`, { library_id }),
  updateSubscribed: (library_id, update_spec) =>
    call(followed("update"), `${BY_LIBRARY} update_spec:${LIBRARY} -> nothing`, {
      library_id,
      update_spec,
    }),
  deleteSubscribed: (library_id) =>
    call(followed("delete"), `${BY_LIBRARY} -> nothing`, { library_id }),
  evict: (library_id) => call(followed("evict"), `${BY_LIBRARY} -> nothing`, { library_id }),
  sync: (library_id) => call(followed("sync"), `${BY_LIBRARY} -> nothing`, { library_id }),
  probe: (subscription_info) =>
    call(
      followed("probe"),
      "subscription_info:content.library.subscription_info -> content.subscribed_library.probe_result",
      { subscription_info },
    ),
  evictItem: (library_item_id) =>
    call("content.library.subscribed_item.evict", "library_item_id:text -> nothing", {
      library_item_id,
    }),
  syncItem: (library_item_id) =>
    call(
      "content.library.subscribed_item.sync",
      "library_item_id:text force_sync_content:boolean sync_optional_files?:boolean -> nothing",
      { library_item_id, force_sync_content: true },
    ),
  getLocal: (library_id) =>
    call("content.local_library.get", `${BY_LIBRARY} -> ${LIBRARY}`, { library_id }),
  publish: (library_id, members = {}) =>
    call(
      "content.local_library.publish",
      `${BY_LIBRARY} subscriptions?:[content.local_library.destination_spec] -> nothing`,
      { ...members, library_id },
    ),
  publishItem: (library_item_id, members = {}) =>
    call(
      "content.library.item.publish",
      "library_item_id:text force_sync_content:boolean subscriptions?:[content.library.item.destination_spec] -> nothing",
      { force_sync_content: false, ...members, library_item_id },
    ),
  subscribe: (library, spec, client_token) =>
    call(
      `${SUBSCRIPTIONS}.create`,
      `client_token?:text library:text spec:${SUBSCRIPTIONS}.create_spec -> text`,
      { client_token, library, spec },
    ),
  listSubscriptions: (library) =>
    call(`${SUBSCRIPTIONS}.list`, `library:text -> [${SUBSCRIPTIONS}.summary]`, { library }),
  getSubscription: (library, subscription) =>
    call(`${SUBSCRIPTIONS}.get`, `${BOTH} -> ${SUBSCRIPTIONS}.info`, { library, subscription }),
  updateSubscription: (library, subscription, spec) =>
    call(`${SUBSCRIPTIONS}.update`, `${BOTH} spec:${SUBSCRIPTIONS}.update_spec -> nothing`, {
      library,
      subscription,
      spec,
    }),
  deleteSubscription: (library, subscription) =>
    call(`${SUBSCRIPTIONS}.delete`, `${BOTH} -> nothing`, { library, subscription }),
};

/** How each form spells them. */
export const SUBSCRIBING: Readonly<Record<FormName, SubscribingForm>> = { rest, api, rpc };
