import assert from "node:assert/strict";
import { test } from "node:test";
import { anEntryId, anUpdateSessionId } from "@contentlib/testkit/builders/ids";
import type { EndpointSubject } from "../../ports/index.ts";
import { UploadEndpoints } from "./access.ts";

test("S122: the endpoint that an archive shares with its members is signed once", () => {
  const [entryId, other] = [anEntryId(), anEntryId()];
  const signed: EndpointSubject[] = [];
  const sign = (subject: EndpointSubject): string => {
    signed.push(subject);
    return `secret-${signed.length}`;
  };
  const call = { baseUrl: "https://a", thumbprint: null };
  const endpoints = new UploadEndpoints(
    { signer: { sign, read: () => null } },
    anUpdateSessionId(),
    call,
  );
  const uris = [entryId, entryId, other, entryId].map((id) => endpoints.of(id, "vm.ova").uri);
  assert.deepEqual(
    uris.map((uri) => uri.split("/").at(-2)),
    ["secret-1", "secret-1", "secret-2", "secret-1"],
  );
  assert.equal(signed.length, 2);
});
