import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { ask, BASIC, Client } from "../conformance/client.ts";
import { addPush, makeItem, openSession, preparedUrl, send } from "../conformance/content.ts";
import { HTTP_FORMS } from "../conformance/forms.ts";
import { exchange } from "../conformance/http-exchange.ts";
import { startLiveServer } from "./live-server.ts";

/** Where Debian's packages `grub-rescue-pc` and `ipxe` keep a bootable image. */
const PLACES = ["/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "/usr/lib/ipxe/ipxe.iso"];
const iso = PLACES.find((place) => existsSync(place));
const options = {
  timeout: 60_000,
  ...(iso === undefined ? { skip: `neither ${PLACES.join(" nor ")} is here` } : {}),
};

/** The first volume descriptor of ISO 9660 stands here, and the boot record after it. */
const DESCRIPTORS_AT = 16 * 2048;

describe("a real bootable image", () => {
  test("is one", options, async () => {
    const image = await readFile(iso ?? "");
    assert.equal(image.toString("latin1", DESCRIPTORS_AT + 1, DESCRIPTORS_AT + 6), "CD001");
    assert.ok(image.includes("EL TORITO SPECIFICATION"));
  });

  for (const form of HTTP_FORMS) {
    test(`goes in over /${form.name} and comes back identical`, options, async (t) => {
      const image = await readFile(iso ?? "");
      const name = basename(iso ?? "");
      const server = await startLiveServer(t);
      const login = await ask(form, server.url, form.login(), { Authorization: BASIC });
      const client = new Client(form, server.url, String(login.value));
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const answer = await send(await addPush(client, session, name), image);
      assert.equal(answer.status, 200, answer.text);
      await client.done(form.completeSession(session));
      const download = await client.done(form.createDownload({ library_item_id: item }));
      const url = await preparedUrl(client, download, name);
      const back = await exchange({ method: "GET", url });
      assert.equal(back.status, 200);
      assert.ok(back.bytes.equals(image));
    });

    test(`goes in and out by the command line over /${form.name}`, options, async (t) => {
      const server = await startLiveServer(t);
      const wire = ["--wire", form.name];
      await server.json("library", "create", "images", ...wire);
      const pushed = await server.json("push", iso ?? "", "images/rescue", ...wire);
      assert.equal(pushed["changed"], true);
      const target = join(server.directory, "back");
      await server.json("pull", "images/rescue", target, ...wire);
      const back = await readFile(join(target, basename(iso ?? "")));
      assert.ok(back.equals(await readFile(iso ?? "")));
    });
  }
});
