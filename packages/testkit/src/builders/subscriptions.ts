import type { Secret } from "@contentlib/server/domain/secret";
import type { Subscription } from "@contentlib/server/domain/subscription";
import type { TrustedCertificate } from "@contentlib/server/domain/trusted-certificate";
import { aCertificateId, aLibraryId, aSubscriptionId, BUILT_AT } from "./ids.ts";

/** A subscription. Say both libraries, or it leads from nowhere to nowhere. */
export const aSubscription = (over: Partial<Subscription> = {}): Subscription => ({
  id: aSubscriptionId(),
  libraryId: aLibraryId(),
  subscribedLibraryId: aLibraryId(),
  placement: {},
  ...over,
});

/** A certificate to be kept; its text is none that could be read. */
export const aTrustedCertificate = (
  over: Partial<TrustedCertificate> = {},
): TrustedCertificate => ({
  id: aCertificateId(),
  certText: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  addedAt: BUILT_AT,
  ...over,
});

/** A login for another server; what it seals is nothing that could be opened. */
export const aSecret = (over: Partial<Secret> = {}): Secret => ({
  name: "artifacts",
  origin: "https://files.example",
  userName: "ci",
  sealedPassword: "1.AAAA",
  setAt: BUILT_AT,
  setBy: "administrator@vsphere.local",
  ...over,
});
