import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeAround, envelopeText, OVF_1 } from "@contentlib/testkit/ovf/envelope-text";
import { textOf } from "../finding-text.ts";
import { FACT_CHARACTERS_MAX, FACTS_OF_A_KIND_MAX, LONG_FACT_CHARACTERS_MAX } from "../limits.ts";
import type { PackageFacts } from "./descriptor.ts";
import { DescriptorReader } from "./descriptor-reader.ts";

const factsOf = (text: string, expected: readonly string[] = []): PackageFacts => {
  const findings: string[] = [];
  const reader = new DescriptorReader("a.ovf", (finding) => findings.push(textOf(finding)));
  reader.write(new TextEncoder().encode(text));
  const descriptor = reader.end();
  assert.deepEqual(findings, expected);
  assert.ok(descriptor);
  return descriptor.facts;
};

const item = (members: Readonly<Record<string, string | number>>, attributes = ""): string => {
  const inside = Object.entries(members).map(
    ([name, text]) => `<rasd:${name}>${text}</rasd:${name}>`,
  );
  return `<Item${attributes}>${inside.join("")}</Item>`;
};

const cpu = (instance: number, quantity: number | string, attributes = ""): string =>
  item({ InstanceID: instance, ResourceType: 3, VirtualQuantity: quantity }, attributes);

const system = (hardware: string): string =>
  `<VirtualSystem ovf:id="vm"><Info/><VirtualHardwareSection><Info/>${hardware}` +
  "</VirtualHardwareSection></VirtualSystem>";

test("a template tells its product, licences, networks and what it asks for", () => {
  const facts = factsOf(
    envelopeText({
      sections: `<NetworkSection><Info/><Network ovf:name="VM Network"/><Network ovf:name="b"/></NetworkSection>`,
      systems: `<VirtualSystem ovf:id="vm"><Info>x</Info><Name>Appliance</Name>
        <AnnotationSection><Info/><Annotation>Two
lines</Annotation></AnnotationSection>
        <ProductSection><Info/><Property ovf:key="k"/></ProductSection>
        <ProductSection ovf:class="a"><Info/><Product>P &amp; Q</Product><Vendor>V</Vendor>
          <Version>1</Version><FullVersion>1.2 build 3</FullVersion><ProductUrl>http://p/</ProductUrl>
        </ProductSection>
        <ProductSection ovf:class="b"><Info/><Product>Other</Product></ProductSection>
        <EulaSection><Info/><License>First</License></EulaSection>
        <EulaSection><Info/><License><![CDATA[<Second>]]></License></EulaSection>
        <OperatingSystemSection ovf:id="100" vmw:osType="otherLinux64Guest"><Info/>
          <Description>Photon</Description></OperatingSystemSection>
        <VirtualHardwareSection><Info/>
          <System><VirtualSystemType xmlns="urn:vssd">vmx-19</VirtualSystemType></System>
          ${cpu(1, 2)}
          ${item({ InstanceID: 2, ResourceType: 4, VirtualQuantity: 4, AllocationUnits: "byte * 2^30" })}
          ${item({ InstanceID: 3, ResourceType: 10 })}${item({ InstanceID: 4, ResourceType: 10 })}
          ${item({ InstanceID: 5, ResourceType: 99, ResourceSubType: "PIIX4" })}
          <vmw:ExtraConfig vmw:key="nvram" vmw:value="x"/><vmw:ExtraConfig vmw:key="a.b" vmw:value="1"/>
          <vmw:ExtraConfig vmw:key="a.b" vmw:value="2"/>
        </VirtualHardwareSection></VirtualSystem>`,
    }),
  );
  assert.deepEqual(facts, {
    version: "1",
    product: {
      name: "P & Q",
      vendor: "V",
      version: "1",
      fullVersion: "1.2 build 3",
      url: "http://p/",
    },
    annotation: "Two\nlines",
    systems: [
      {
        id: "vm",
        name: "Appliance",
        operatingSystem: "Photon",
        cpus: 2,
        memoryBytes: "4294967296",
        networkCards: 2,
        hardwareFamily: "vmx-19",
      },
    ],
    disks: [],
    networks: ["VM Network", "b"],
    licences: ["First", "<Second>"],
    extraConfigKeys: ["nvram", "a.b"],
  });
});

test("version 0.9 says the same with general elements", () => {
  const facts = factsOf(
    `<ovf:Envelope xmlns:ovf="http://www.vmware.com/schema/ovf/1/envelope" xmlns:r="urn:r"
       xmlns:vmw="http://www.vmware.com/schema/ovf" xmlns:t="http://www.w3.org/2001/XMLSchema-instance">
      <References><File ovf:id="f" ovf:href="x.vmdk"/></References>
      <Section t:type="ovf:DiskSection_Type"><Info/>
        <Disk ovf:diskId="d" ovf:fileRef="f" ovf:capacity="5"/></Section>
      <Section t:type="ovf:NetworkSection_Type"><Info/><Network ovf:name="bridged"/></Section>
      <Content ovf:id="vm" t:type="ovf:VirtualSystem_Type"><Info/>
        <Section vmw:osType="other" t:type="ovf:OperatingSystemSection_Type"><Info/></Section>
        <Section t:type="ovf:VirtualHardwareSection_Type"><Info/>
          <Item><r:InstanceId>1</r:InstanceId><r:ResourceType>3</r:ResourceType>
            <r:AllocationUnits>MegaHertz</r:AllocationUnits><r:VirtualQuantity>4</r:VirtualQuantity></Item>
          <Item><r:InstanceId>2</r:InstanceId><r:ResourceType>4</r:ResourceType>
            <r:AllocationUnits>MegaBytes</r:AllocationUnits><r:VirtualQuantity>512</r:VirtualQuantity></Item>
        </Section></Content></ovf:Envelope>`,
  );
  assert.deepEqual([facts.version, facts.networks], ["0.9", ["bridged"]]);
  assert.equal(facts.disks[0]?.capacityBytes, "5");
  const [vm] = facts.systems;
  assert.deepEqual(
    [vm?.id, vm?.operatingSystem, vm?.cpus, vm?.memoryBytes],
    ["vm", "other", 4, "536870912"],
  );
});

test("systems within collections are all told", () => {
  const facts = factsOf(
    envelopeText({
      systems: `<VirtualSystemCollection ovf:id="c"><Info/><VirtualSystem ovf:id="a"/>
        <VirtualSystemCollection><VirtualSystem ovf:id="b"/></VirtualSystemCollection>
        <EulaSection><Info/><License>L</License></EulaSection></VirtualSystemCollection>`,
    }),
  );
  assert.deepEqual(
    facts.systems.map(({ id }) => id),
    ["a", "b"],
  );
  assert.deepEqual(facts.licences, ["L"]);
});

test("the configuration marked as default counts, else the first, and ranges do not", () => {
  const configurations = (marked: string) =>
    `<DeploymentOptionSection><Info/><Configuration ovf:id="small"/>
      <Configuration ovf:id="large"${marked}/></DeploymentOptionSection>`;
  const hardware =
    cpu(1, 1) +
    cpu(1, 8, ' ovf:configuration="large huge"') +
    cpu(1, 99, ' ovf:bound="max"') +
    cpu(1, 98, ' ovf:configuration="huge"');
  const cpus = (marked: string) =>
    factsOf(envelopeText({ sections: configurations(marked), systems: system(hardware) }))
      .systems[0]?.cpus;
  assert.equal(cpus(' ovf:default="true"'), 8);
  assert.equal(cpus(""), 1);
});

test("what is not said is not known, and what is no number is warned of", () => {
  const cpus = (quantity: string, expected?: readonly string[]) =>
    factsOf(envelopeText({ systems: system(cpu(7, quantity)) }), expected).systems[0]?.cpus;
  assert.equal(cpus("${cpus}"), null);
  assert.equal(
    cpus("many", ["a.ovf:5:68: VirtualQuantity of the Item 7 is many, which is no number."]),
    null,
  );
  const facts = factsOf(envelopeText());
  assert.deepEqual(facts.systems, [
    {
      id: "vm",
      name: null,
      operatingSystem: null,
      cpus: null,
      memoryBytes: null,
      networkCards: 0,
      hardwareFamily: null,
    },
  ]);
  assert.deepEqual([facts.product, facts.annotation, facts.licences], [null, null, []]);
  const unknownUnit = item({ ResourceType: 4, VirtualQuantity: 1, AllocationUnits: "parsec" });
  assert.equal(
    factsOf(envelopeText({ systems: system(unknownUnit) })).systems[0]?.memoryBytes,
    null,
  );
});

test("facts have bounds of their own", () => {
  const licence = (length: number) =>
    factsOf(
      envelopeText({
        sections: `<EulaSection><Info/><License>${"x".repeat(length)}</License></EulaSection>`,
      }),
    ).licences[0] ?? "";
  assert.equal(licence(LONG_FACT_CHARACTERS_MAX), "x".repeat(LONG_FACT_CHARACTERS_MAX));
  assert.equal(
    licence(LONG_FACT_CHARACTERS_MAX + 1),
    `${"x".repeat(LONG_FACT_CHARACTERS_MAX - 1)}…`,
  );
  const many = factsOf(
    envelopeText({
      systems: `<VirtualSystem ovf:id="${"i".repeat(FACT_CHARACTERS_MAX + 1)}"/>`.repeat(
        FACTS_OF_A_KIND_MAX + 1,
      ),
    }),
  ).systems;
  assert.equal(many.length, FACTS_OF_A_KIND_MAX);
  assert.equal(many[0]?.id.length, FACT_CHARACTERS_MAX);
});

test("files that nvram names stand beside the descriptor, or are Files", () => {
  const read = (values: readonly string[]) => {
    const findings: string[] = [];
    const reader = new DescriptorReader("a.ovf", (finding) => findings.push(textOf(finding)));
    const hardware = values
      .map((value) => `\n<vmw:ExtraConfig vmw:key="nvram" vmw:value="${value}"/>`)
      .join("");
    reader.write(new TextEncoder().encode(envelopeText({ systems: system(hardware) })));
    return { alsoNamed: reader.end()?.alsoNamed, findings };
  };
  assert.deepEqual(read(["Test System.nvram", "ovf:/file/file2", "ovf://file/x", "", "b", "b"]), {
    alsoNamed: ["Test System.nvram", "b"],
    findings: [],
  });
  assert.deepEqual(read(["../x.nvram"]), {
    alsoNamed: [],
    findings: ["a.ovf:6:1: The nvram ../x.nvram does not name a file beside the descriptor."],
  });
});

test("names such as __proto__ are names like others", () => {
  const text = envelopeAround(
    `<References><File ovf:id="__proto__" ovf:href="constructor" ovf:__proto__="x"/></References>
     <DiskSection><Info/><Disk ovf:diskId="toString" ovf:fileRef="__proto__" ovf:capacity="1"/></DiskSection>
     <VirtualSystem ovf:id="hasOwnProperty"><__proto__/></VirtualSystem>`,
    OVF_1,
  );
  const facts = factsOf(text);
  assert.equal(facts.systems[0]?.id, "hasOwnProperty");
  assert.equal(facts.disks[0]?.fileId, "__proto__");
});
