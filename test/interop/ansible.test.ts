// Ansible's two collections that know content libraries, run as playbooks against a real server behind a proxy that ends TLS,
// since they speak nothing else: vmware.vmware_rest on /api, vmware.vmware through the vendor's Python SDK.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { type Client, createClient } from "@contentlib/client";
import { ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { type LiveServer, password, root, startLiveServer } from "../e2e/live-server.ts";
import { type AnsibleEnvironment, prepareAnsible } from "./ansible-environment.ts";
import { guideBlock } from "./guide.ts";
import { clientEnvironment } from "./program-environment.ts";
import { ranWith } from "./ran-with.ts";
import { runProgram } from "./run-program.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { openTlsFront, type TlsFront } from "./tls-front.ts";

const playbooks = join(root, "test", "interop", "ansible");
const playing = "-m ansible playbook -i localhost, -c local".split(" ");
const PLAYBOOK_TIMEOUT_MS = 180_000;
const LARGE_BYTES = 3_000_017;

interface Stage {
  readonly client: Client;
  readonly ansible: AnsibleEnvironment;
  readonly front: TlsFront;
  readonly server: LiveServer;
}

/** Runs a playbook, by its path or by its name; each of its tasks must succeed, its assertions among them. */
async function play(stage: Stage, name: string, vars: object = {}): Promise<void> {
  const { ansible, front, server } = stage;
  const [server_host = "", server_port = ""] = front.authority.split(":");
  const given = { ...vars, server_host, server_port };
  const end = await runProgram({
    command: ansible.python,
    argv: [...playing, "-e", JSON.stringify(given), resolve(playbooks, name)],
    env: clientEnvironment({
      ANSIBLE_COLLECTIONS_PATH: ansible.collections,
      ANSIBLE_HOME: join(server.directory, "ansible"),
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_PIPELINING: "1",
      ANSIBLE_PYTHON_INTERPRETER: ansible.python,
      HOME: server.directory,
      LC_ALL: "C.UTF-8",
      VMWARE_HOST: front.authority,
      VMWARE_USER: "administrator",
      VMWARE_PASSWORD: password,
      VMWARE_VALIDATE_CERTS: "no",
    }),
    cwd: server.directory,
    timeoutMs: PLAYBOOK_TIMEOUT_MS,
  });
  assert.equal(end.code, 0, `${name}:\n${end.out}${end.err}`);
}

/** Fetches the item's files past the front, whose certificate only its clients trust, and compares them with what was sent. */
async function isHeld(
  { client, server, front }: Stage,
  name: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<void> {
  const [library_item_id = ""] = await client.item.find({ spec: { name } });
  const download_session_id = await client.downloadSession.create({
    create_spec: { library_item_id },
  });
  const listed = await client.downloadSessionFile.list({ download_session_id });
  assert.deepEqual(listed.map((file) => file.name).toSorted(), Object.keys(files).toSorted());
  for (const [file_name, content] of Object.entries(files)) {
    const { download_endpoint } = await client.downloadSessionFile.prepare({
      download_session_id,
      file_name,
    });
    const address = download_endpoint?.uri.replace(`https://${front.authority}`, server.url);
    const reply = await fetch(String(address));
    assert.ok(Buffer.from(await reply.arrayBuffer()).equals(content), `${name}: ${file_name}`);
  }
}

/** A server that others fetch these files from. */
async function startDepot(t: TestContext, files: Readonly<Record<string, Buffer>>) {
  const depot = await startRemoteServer(({ url = "" }, response) => {
    const file = files[decodeURIComponent(url.slice(1))];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Length": file.length }).end(file);
  });
  t.after(async () => await depot.close());
  return depot;
}

test("Ansible [C141, C142]", async (t) => {
  const ansible = await prepareAnsible();
  if ("reason" in ansible) {
    t.skip(ansible.reason);
    return;
  }
  const front = await openTlsFront(t, await scratchDirectory(t));
  if ("reason" in front) {
    t.skip(front.reason);
    return;
  }
  const image = Buffer.alloc(LARGE_BYTES, "An image that is no image. ");
  const parts = { "appliance.ovf": descriptor, "disk 1.vmdk": image.subarray(0, 70_000) };
  const depot = await startDepot(t, { ...parts, "boot.iso": image, "archived.ova": ovaOf(parts) });
  const server = await startLiveServer(
    t,
    "--public-url",
    `https://${front.authority}`,
    "--pull-allow",
    `127.0.0.1:${depot.port}`,
  );
  front.forwardTo(Number(new URL(server.url).port));
  const client = createClient({
    url: server.url,
    credentials: { userName: "administrator", password },
  });
  const stage: Stage = { ansible, client, front, server };
  ranWith(t, ansible.versions);

  await t.test("vmware.vmware_rest manages local libraries", async () => {
    await play(stage, "local-libraries.yml");
  });

  await t.test("vmware.vmware_rest manages subscribed libraries", async () => {
    await play(stage, "subscribed-libraries.yml");
  });

  await t.test("vmware.vmware_rest reads and changes the configuration", async () => {
    await play(stage, "configuration.yml");
  });

  await t.test("vmware.vmware_rest reads items", async () => {
    const library_id = await client.localLibrary.create({
      create_spec: { name: "with-items" },
    });
    const empty_library_id = await client.localLibrary.create({
      create_spec: { name: "without-items" },
    });
    const item_id = await client.item.create({
      create_spec: { library_id, name: "an item", type: "iso" },
    });
    await play(stage, "items.yml", { library_id, empty_library_id, item_id });
  });

  await t.test(
    "vmware.vmware imports an ISO image, an OVF package and an archive of one, and removes them",
    async () => {
      await client.localLibrary.create({ create_spec: { name: "imports" } });
      const iso = join(server.directory, "boot image.iso");
      await writeFile(iso, image);
      const ovf = join(server.directory, "appliance");
      await mkdir(ovf);
      for (const [name, content] of Object.entries(parts))
        await writeFile(join(ovf, name), content);
      const ova = join(server.directory, "archived.ova");
      await writeFile(ova, ovaOf(parts));
      await play(stage, "import-files.yml", { iso, ovf, ova });
      await isHeld(stage, "boot", { "boot image.iso": image });
      for (const name of ["appliance", "archived"]) await isHeld(stage, name, parts);
      await play(stage, "remove-files.yml");
    },
  );

  await t.test(
    "vmware.vmware has an image, an archive and a descriptor with its disk fetched by their addresses",
    async () => {
      await client.localLibrary.create({ create_spec: { name: "fetched" } });
      await play(stage, "pull-files.yml", {
        source: depot.origin,
        image_digest: createHash("sha256").update(image).digest("hex"),
        archive_digest: createHash("md5").update(ovaOf(parts)).digest("hex"),
      });
      await isHeld(stage, "boot", { "boot.iso": image });
      for (const name of ["appliance", "archived"]) await isHeld(stage, name, parts);
    },
  );

  await t.test("the example of the guide runs as it stands, on a port of its own", async () => {
    const image = Buffer.alloc(100_000, "Debian? ");
    await writeFile(join(server.directory, "debian.iso"), image);
    const playbook = join(server.directory, "guide.yml");
    await writeFile(playbook, withPort(await guideBlock("yaml")));
    await play(stage, playbook);
    await isHeld(stage, "debian", { "debian.iso": image });
  });
});

/** The guide's playbook takes the usual port; this collection is told another one by an option, the other one by the host. */
const withPort = (playbook: string): string =>
  playbook.replace(
    "  tasks:\n",
    `  module_defaults:
    vmware.vmware.import_content_library_iso:
      hostname: "{{ server_host }}"
      port: "{{ server_port }}"
  tasks:\n`,
  );

/** A small OVF descriptor that refers to one disk. */
const descriptor = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
  <References><File ovf:id="disk" ovf:href="disk 1.vmdk" ovf:size="70000"/></References>
  <DiskSection>
    <Info>Disks</Info>
    <Disk ovf:diskId="one" ovf:fileRef="disk" ovf:capacity="1" ovf:capacityAllocationUnits="byte * 2^20"/>
  </DiskSection>
  <VirtualSystem ovf:id="appliance"><Info>A machine</Info></VirtualSystem>
</Envelope>
`);
