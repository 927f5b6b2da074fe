import { A_CERTIFICATE, ANOTHER_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { basic, USER } from "./client.ts";
import { makeLibrary } from "./content.ts";
import type { Asking } from "./forms.ts";
import { get, none } from "./http-asking.ts";
import {
  type CasesOf,
  invalid,
  MADE_UP,
  newFollower,
  newSubscribed,
  notFound,
  onApi,
  publishedLibrary,
  type RefusedCall,
  SOURCE,
  withoutLogin,
} from "./operation-case.ts";
import { freshName } from "./server-under-test.ts";

type Nouns =
  | "configuration"
  | "library"
  | "librarySetting"
  | "localLibrary"
  | "login"
  | "securityPolicy"
  | "subscribedLibrary"
  | "subscription"
  | "trustedCertificate"
  | "type";

const OURS = "/api/contentlib/libraries";

/** Two datastores that nobody ever made: one would do, where the server was not told the ids of its own. */
const DATASTORE = { type: "DATASTORE", datastore_id: MADE_UP };
const ELSEWHERE = { storage_backings: [DATASTORE, DATASTORE] };

const unsupported = (asking: Asking<unknown>): RefusedCall => ({
  asking,
  faultClass: "unsupported",
});

/** The operations of libraries, and of what holds for the whole service. */
export const LIBRARY_CASES: CasesOf<Nouns> = {
  "login.create": {
    asker: "a password",
    real: ({ form }) => form.login(),
    madeUp: ({ form }) => ({
      asking: form.login(),
      faultClass: "unauthenticated",
      headers: { Authorization: basic(USER, "a guess") },
    }),
  },
  "login.get": {
    real: ({ form }) => form.getLogin(),
    madeUp: ({ form }) => withoutLogin(form.getLogin()),
  },
  "login.delete": {
    asker: "a login of its own",
    real: ({ form }) => form.logout(),
    madeUp: ({ form }) => withoutLogin(form.logout()),
  },
  "configuration.get": {
    real: ({ form }) => form.getConfiguration(),
    madeUp: ({ form }) => withoutLogin(form.getConfiguration()),
  },
  "configuration.update": {
    real: ({ form }) => form.updateConfiguration({ automatic_sync_start_hour: 3 }),
    madeUp: ({ form }) => invalid(form.updateConfiguration({ automatic_sync_start_hour: 24 })),
  },
  "type.list": {
    real: ({ form }) => form.listTypes(),
    madeUp: ({ form }) => withoutLogin(form.listTypes()),
  },
  "securityPolicy.list": {
    real: ({ form }) => form.younger?.listPolicies() ?? null,
    madeUp: ({ form }) => withoutLogin(form.younger?.listPolicies() ?? null),
  },
  "trustedCertificate.create": {
    real: ({ form }) => form.younger?.addCertificate(A_CERTIFICATE.pem) ?? null,
    madeUp: ({ form }) => invalid(form.younger?.addCertificate("no certificate") ?? null),
  },
  "trustedCertificate.list": {
    real: ({ form }) => form.younger?.listCertificates() ?? null,
    madeUp: ({ form }) => withoutLogin(form.younger?.listCertificates() ?? null),
  },
  "trustedCertificate.get": {
    real: ({ form, certificate }) => form.younger?.getCertificate(certificate) ?? null,
    madeUp: ({ form }) => notFound(form.younger?.getCertificate(MADE_UP) ?? null),
  },
  "trustedCertificate.delete": {
    real: async ({ client, form }) => {
      if (form.younger === null) return null;
      const id = await client.done(form.younger.addCertificate(ANOTHER_CERTIFICATE.pem));
      return form.younger.deleteCertificate(id);
    },
    madeUp: ({ form }) => notFound(form.younger?.deleteCertificate(MADE_UP) ?? null),
  },
  "library.list": {
    real: ({ form }) => form.listLibraries(),
    madeUp: ({ form }) => withoutLogin(form.listLibraries()),
  },
  "library.get": {
    real: ({ form, library }) => form.getLibrary(library),
    madeUp: ({ form }) => notFound(form.getLibrary(MADE_UP)),
  },
  "library.update": {
    real: ({ form, library }) => form.updateLibrary(library, { description: "by library" }),
    madeUp: ({ form }) => notFound(form.updateLibrary(MADE_UP, { description: "x" })),
  },
  "library.delete": {
    real: async ({ client, form }) =>
      form.younger?.deleteAnyLibrary(await makeLibrary(client)) ?? null,
    madeUp: ({ form }) => notFound(form.younger?.deleteAnyLibrary(MADE_UP) ?? null),
  },
  "library.find": {
    real: ({ form }) => form.findLibraries({ type: "LOCAL" }),
    madeUp: ({ form }) => invalid(form.findLibraries({})),
  },
  "librarySetting.get": {
    real: (world) => onApi(world, get(`${OURS}/${world.library}/settings`)),
    madeUp: (world) => notFound(onApi(world, get(`${OURS}/${MADE_UP}/settings`))),
  },
  "librarySetting.update": {
    real: (world) =>
      onApi(world, none("PATCH", `${OURS}/${world.library}/settings`, { revisions: 7 })),
    madeUp: (world) => notFound(onApi(world, none("PATCH", `${OURS}/${MADE_UP}/settings`, {}))),
  },
  "localLibrary.create": {
    real: ({ form }) => form.createLibrary({ name: freshName("local") }),
    madeUp: ({ form }) => unsupported(form.createLibrary({ name: "x", ...ELSEWHERE })),
  },
  "localLibrary.list": {
    real: ({ form }) => form.listLocal(),
    madeUp: ({ form }) => withoutLogin(form.listLocal()),
  },
  "localLibrary.get": {
    real: ({ spell, library }) => spell.getLocal(library),
    madeUp: ({ spell }) => notFound(spell.getLocal(MADE_UP)),
  },
  "localLibrary.update": {
    real: ({ form, library }) => form.updateLocalLibrary(library, { description: "by local" }),
    madeUp: ({ form }) => notFound(form.updateLocalLibrary(MADE_UP, { description: "x" })),
  },
  "localLibrary.delete": {
    real: async ({ client, form }) => form.deleteLibrary(await makeLibrary(client)),
    madeUp: ({ form }) => notFound(form.deleteLibrary(MADE_UP)),
  },
  "localLibrary.publish": {
    real: async (world) => world.spell.publish(await publishedLibrary(world)),
    madeUp: ({ spell }) => notFound(spell.publish(MADE_UP)),
  },
  "subscribedLibrary.create": {
    real: (world) => newSubscribed(world),
    madeUp: ({ spell }) => {
      const spec = { name: "x", subscription_info: SOURCE, ...ELSEWHERE };
      return unsupported(spell.createSubscribed(spec));
    },
  },
  "subscribedLibrary.list": {
    real: ({ spell }) => spell.listSubscribed(),
    madeUp: ({ spell }) => withoutLogin(spell.listSubscribed()),
  },
  "subscribedLibrary.get": {
    real: ({ spell, subscribed }) => spell.getSubscribed(subscribed),
    madeUp: ({ spell }) => notFound(spell.getSubscribed(MADE_UP)),
  },
  "subscribedLibrary.update": {
    real: ({ spell, subscribed }) => spell.updateSubscribed(subscribed, { description: "d" }),
    madeUp: ({ spell }) => notFound(spell.updateSubscribed(MADE_UP, { description: "d" })),
  },
  "subscribedLibrary.delete": {
    real: async (world) =>
      world.spell.deleteSubscribed(await world.client.done(newSubscribed(world))),
    madeUp: ({ spell }) => notFound(spell.deleteSubscribed(MADE_UP)),
  },
  "subscribedLibrary.evict": {
    real: ({ spell, subscribed }) => spell.evict(subscribed),
    madeUp: ({ spell }) => notFound(spell.evict(MADE_UP)),
  },
  "subscribedLibrary.sync": {
    real: ({ spell, subscribed }) => spell.sync(subscribed),
    answersInstead: "unsupported",
    madeUp: ({ spell }) => notFound(spell.sync(MADE_UP)),
  },
  "subscribedLibrary.probe": {
    real: ({ spell }) => spell.probe({ ...SOURCE, subscription_url: "no address" }),
    madeUp: ({ spell }) => withoutLogin(spell.probe(SOURCE)),
  },
  "subscription.create": {
    real: async (world) => world.spell.subscribe(await publishedLibrary(world), newFollower()),
    madeUp: ({ spell }) => notFound(spell.subscribe(MADE_UP, newFollower())),
  },
  "subscription.list": {
    real: ({ spell, published }) => spell.listSubscriptions(published),
    madeUp: ({ spell }) => notFound(spell.listSubscriptions(MADE_UP)),
  },
  "subscription.get": {
    real: ({ spell, published, subscription }) => spell.getSubscription(published, subscription),
    madeUp: ({ spell, published }) => notFound(spell.getSubscription(published, MADE_UP)),
  },
  "subscription.update": {
    real: ({ spell, published, subscription }) =>
      spell.updateSubscription(published, subscription, {
        subscribed_library_placement: { network: "network-1" },
      }),
    madeUp: ({ spell, published }) => notFound(spell.updateSubscription(published, MADE_UP, {})),
  },
  "subscription.delete": {
    real: async (world) => {
      const library = await publishedLibrary(world);
      const id = await world.client.done(world.spell.subscribe(library, newFollower()));
      return world.spell.deleteSubscription(library, id);
    },
    madeUp: ({ spell, published }) => notFound(spell.deleteSubscription(published, MADE_UP)),
  },
};
