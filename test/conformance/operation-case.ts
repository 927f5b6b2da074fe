import type { FaultClass, OperationId } from "@contentlib/contract";
import { A_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary, openSession, push } from "./content.ts";
import type { Asking, Form } from "./forms.ts";
import { freshName } from "./server-under-test.ts";
import { SUBSCRIBING, type SubscribingForm } from "./subscribing-forms.ts";

/** An identifier that nobody was ever given. */
export const MADE_UP = "00000000-0000-4000-8000-000000000000";

/** Real objects, and how to ask for them on one form. */
export interface World {
  readonly client: Client;
  readonly form: Form;
  readonly spell: SubscribingForm;
  readonly library: string;
  /** In that library, with the one file `a.txt`. */
  readonly item: string;
  /** ACTIVE, with the received file `b.txt`. */
  readonly session: string;
  /** ACTIVE, on the item. */
  readonly download: string;
  readonly published: string;
  readonly itemOfPublished: string;
  readonly subscription: string;
  readonly subscribed: string;
  readonly certificate: string;
}

type Asked = Asking<unknown> | null;

/** A call that is to be refused. */
export interface RefusedCall {
  /** Null where the form has no such call. */
  readonly asking: Asked;
  readonly faultClass: FaultClass;
  /** Who asks, where it is not the client of the world. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one operation is seen to work. */
export interface OperationCase {
  /** The call on real objects, made for it where it uses them up; null where the form has no such call. */
  real(world: World): Asked | Promise<Asked>;
  /** Who asks on real objects, where it is not the client of the world. */
  readonly asker?: "a password" | "a login of its own";
  /** What the call on real objects is refused with, because nothing is published or followed yet; absent where it succeeds. */
  readonly answersInstead?: FaultClass;
  /** The call on identifiers that nobody was given or, where the operation takes none, a call that is wrong in another way. */
  madeUp(world: World): RefusedCall;
}

/** Cases of the operations of some nouns. */
export type CasesOf<Noun extends string> = Readonly<
  Record<Extract<OperationId, `${Noun}.${string}`>, OperationCase>
>;

/** What this server adds is on /api alone. */
export const onApi = <Asked extends Asking<unknown>>(
  { form }: World,
  asking: Asked,
): Asked | null => (form.name === "api" ? asking : null);

/** As `onApi`, for a call on objects that are made for it. */
export const onApiWith = async <Made>(
  world: World,
  make: (world: World) => Promise<Made>,
  asking: (made: Made) => Asking<unknown>,
): Promise<Asking<unknown> | null> =>
  world.form.name === "api" ? asking(await make(world)) : null;

/** The refusal of what names something that is not there. */
export const notFound = (asking: Asked): RefusedCall => ({ asking, faultClass: "not_found" });

/** The refusal of what can not be meant. */
export const invalid = (asking: Asked): RefusedCall => ({
  asking,
  faultClass: "invalid_argument",
});

/** The refusal of one who has no login, for operations that can not be asked in any other wrong way. */
export const withoutLogin = (asking: Asked): RefusedCall => ({
  asking,
  faultClass: "unauthenticated",
  headers: {},
});

/** Where a subscribed library finds its publisher. */
export const SOURCE = {
  authentication_method: "NONE",
  automatic_sync_enabled: false,
  on_demand: true,
  subscription_url: "https://publisher.example/cls/vcsp/lib/1/lib.json",
};

export const newFollower = () => ({
  subscribed_library: {
    target: "CREATE_NEW",
    location: "LOCAL",
    new_subscribed_library: {
      name: freshName("follower"),
      storage_backings: [{ type: "OTHER" }],
      automatic_sync_enabled: false,
      on_demand: true,
    },
  },
});

export const newSubscribed = ({ spell }: Pick<World, "spell">) =>
  spell.createSubscribed({ name: freshName("subscribed"), subscription_info: SOURCE });

/** A published library without subscriptions. */
export async function publishedLibrary({ client, form }: Pick<World, "client" | "form">) {
  const publish_info = { published: true, authentication_method: "NONE" };
  return await client.done(form.createLibrary({ name: freshName("published"), publish_info }));
}

/** A download session on the item. */
export async function openDownload({
  client,
  form,
  item,
}: Pick<World, "client" | "form" | "item">) {
  return await client.done(form.createDownload({ library_item_id: item }));
}

/** Makes the real objects that the calls are about. */
export async function openWorld(client: Client): Promise<World> {
  const { form } = client;
  const spell = SUBSCRIBING[form.name];
  const library = await makeLibrary(client);
  const item = await makeItem(client, { "a.txt": "a" }, library);
  const session = await openSession(client);
  await push(client, session, "b.txt", "b");
  const published = await publishedLibrary({ client, form });
  const { younger } = form;
  return {
    client,
    form,
    spell,
    library,
    item,
    session,
    download: await openDownload({ client, form, item }),
    published,
    itemOfPublished: await makeItem(client, {}, published),
    subscription: await client.done(spell.subscribe(published, newFollower())),
    subscribed: await client.done(newSubscribed({ spell })),
    certificate:
      younger === null ? MADE_UP : await client.done(younger.addCertificate(A_CERTIFICATE.pem)),
  };
}
