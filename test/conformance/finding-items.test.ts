import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeLibrary } from "./content.ts";
import { FORMS } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`find of items, ${form.name}`, () => {
    test("goes by name, library, type, cached and source together, name and type in any case [C57]", async () => {
      const name = freshName("Alpine");
      const [here, there] = [await makeLibrary(client), await makeLibrary(client)];
      const make = async (spec: object) => await client.done(form.createItem({ name, ...spec }));
      const iso = await make({ library_id: here, type: "iso" });
      const other = await make({ library_id: here, type: "ovf", name: `${name}-2` });
      const ovf = await make({ library_id: there, type: "Ovf" });
      const found = async (spec: object) => await client.done(form.findItems(spec as never));
      const cases: readonly (readonly [object, readonly string[]])[] = [
        [{ name }, [iso, ovf]],
        [{ name: name.toUpperCase() }, [iso, ovf]],
        [{ name: name.slice(1) }, []],
        [{ library_id: here }, [iso, other]],
        [{ library_id: there, name }, [ovf]],
        [{ name, type: "OVF" }, [ovf]],
        [{ library_id: here, type: "oVF" }, [other]],
        [{ library_id: here, type: "ov" }, []],
        [{ library_id: here, cached: true }, [iso, other]],
        [{ library_id: here, cached: false }, []],
        [{ name, library_id: here, type: "iso", cached: true }, [iso]],
        [{ name, source_id: UNKNOWN }, []],
        [{ source_id: iso }, []],
        [{ name, library_id: UNKNOWN }, []],
        [{ library_id: "no id at all" }, []],
        [{ name, type: null, cached: null }, [iso, ovf]],
        [{ name, type: "" }, [iso, ovf]],
      ];
      for (const [spec, ids] of cases)
        assert.deepEqual(await found(spec), ids, JSON.stringify(spec));
    });

    test("needs something to go by, and each criterion by its type", async () => {
      for (const spec of [{}, { name: null }, { name: null, cached: null }, { type: "" }])
        await client.refused(form.findItems(spec), "invalid_argument");
      for (const spec of [{ name: 5 }, { cached: "true or false" }, { library_id: ["x"] }])
        await client.refused(form.findItems(spec), "invalid_argument");
      const unknown = form.findItems({ name: "x", size: 5 });
      await client.refused(unknown, "unexpected_input");
    });

    test("gives what was renamed under its new name alone", async () => {
      const [before, after] = [freshName("before"), freshName("after")];
      const library_id = await makeLibrary(client);
      const item = await client.done(form.createItem({ library_id, name: before }));
      await client.done(form.updateItem(item, { name: after, type: "iso" }));
      assert.deepEqual(await client.done(form.findItems({ name: before })), []);
      assert.deepEqual(await client.done(form.findItems({ name: after, type: "ISO" })), [item]);
      await client.done(form.deleteItem(item));
      assert.deepEqual(await client.done(form.findItems({ name: after })), []);
    });
  });
}
