import type { FindingKind } from "./finding-codes.ts";

/** Kinds of findings about names and descriptors: a part of the catalogue, by code. */
export const DESCRIPTOR_FINDINGS = {
  "name.refused": {
    severity: "error",
    says: "The name {subject} can not be that of a file in a library item.",
    mend: "Name it with one path component, without separators, colons, control characters, blanks or dots at its ends, or reserved words such as CON.",
  },
  "name.too_long": {
    severity: "error",
    says: "The name {subject} has {actual} bytes; {expected} are allowed.",
    mend: "Shorten the name.",
  },
  "name.twice": {
    severity: "error",
    says: "Two files have the name {subject}, or names that differ in case only.",
    mend: "Rename or leave out one of them.",
  },
  "descriptor.missing": {
    severity: "error",
    says: "There is no descriptor (.ovf).",
    mend: "Add the descriptor; an OVF template has exactly one.",
  },
  "descriptor.several": {
    severity: "error",
    says: "There is more than one descriptor: {actual}.",
    mend: "Put each template into an item of its own.",
  },
  "descriptor.too_large": {
    severity: "error",
    says: "The descriptor is larger than {expected} bytes.",
    mend: "Take large sections out of the descriptor; real ones have some kilobytes.",
  },
  "descriptor.encoding": {
    severity: "error",
    says: "The descriptor is not in the encoding that is expected: {actual} instead of {expected}.",
    mend: "Write the descriptor in UTF-8.",
  },
  "descriptor.not_well_formed": {
    severity: "error",
    says: "The descriptor is not well-formed XML: {actual}",
    mend: "Mend the descriptor at this place.",
  },
  "descriptor.doctype": {
    severity: "error",
    says: "The descriptor has a document type declaration.",
    mend: "Remove the DOCTYPE; OVF uses none, and entities are not read.",
  },
  "descriptor.too_deep": {
    severity: "error",
    says: "Elements lie within each other more than {expected} deep.",
    mend: "Flatten the descriptor.",
  },
  "descriptor.too_many_elements": {
    severity: "error",
    says: "The descriptor has more than {expected} elements.",
    mend: "Split or shorten the descriptor.",
  },
  "descriptor.too_many_attributes": {
    severity: "error",
    says: "The element {subject} has more than {expected} attributes.",
    mend: "Remove attributes.",
  },
  "descriptor.attribute_too_long": {
    severity: "error",
    says: "The attribute {subject} is longer than {expected} characters.",
    mend: "Shorten the value.",
  },
  "descriptor.comment_too_long": {
    severity: "error",
    says: "A comment or processing instruction is longer than {expected} characters.",
    mend: "Shorten it, or leave it out.",
  },
  "descriptor.text_too_long": {
    severity: "error",
    says: "The text of an element is longer than {expected} characters.",
    mend: "Shorten the text.",
  },
  "descriptor.too_many_files": {
    severity: "error",
    says: "The descriptor names more than {expected} files.",
    mend: "Split the appliance into several templates.",
  },
  "descriptor.too_many_disks": {
    severity: "error",
    says: "The descriptor names more than {expected} disks.",
    mend: "Split the appliance into several templates.",
  },
  "descriptor.namespace": {
    severity: "error",
    says: "The root element is {actual}, not an Envelope of a known OVF version.",
    mend: "Use the namespace http://schemas.dmtf.org/ovf/envelope/1.",
  },
  "descriptor.no_references": {
    severity: "error",
    says: "The descriptor has no References section.",
    mend: "Add <References>, with one <File> for each file of the package.",
  },
  "descriptor.references_twice": {
    severity: "error",
    says: "The descriptor has more than one References section.",
    mend: "Put all files into one References section.",
  },
  "descriptor.no_system": {
    severity: "error",
    says: "The descriptor describes no virtual system.",
    mend: "Add a VirtualSystem or VirtualSystemCollection.",
  },
  "descriptor.file_without_id": {
    severity: "error",
    says: "A File of the References has no id.",
    mend: "Give each File an ovf:id of its own.",
  },
  "descriptor.file_id_twice": {
    severity: "error",
    says: "Two Files of the References have the id {subject}.",
    mend: "Give each File an ovf:id of its own.",
  },
  "descriptor.file_without_href": {
    severity: "error",
    says: "The File {subject} has no href.",
    mend: "Name the file in ovf:href.",
  },
  "descriptor.href_twice": {
    severity: "error",
    says: "Two Files of the References have the href {subject}.",
    mend: "Name each file once.",
  },
  "descriptor.href_refused": {
    severity: "error",
    says: "The href {subject} does not name a file beside the descriptor.",
    mend: "Put the file beside the descriptor and name it alone in ovf:href.",
  },
  "descriptor.href_remote": {
    severity: "error",
    says: "The href {subject} is an address; it is not fetched.",
    mend: "Download the file, put it beside the descriptor and name it in ovf:href.",
  },
  "descriptor.nvram_refused": {
    severity: "warning",
    says: "The nvram {subject} does not name a file beside the descriptor.",
    mend: "Put the file beside the descriptor and name it alone, or refer to a File as ovf:/file/ID.",
  },
  "descriptor.size_refused": {
    severity: "error",
    says: "The size {actual} of the File {subject} is no number of bytes.",
    mend: "Write the size of the file as it is stored, in bytes.",
  },
  "descriptor.chunk_size_refused": {
    severity: "error",
    says: "The chunkSize {actual} of the File {subject} is no number of bytes above zero.",
    mend: "Write the size of a chunk in bytes, or remove chunkSize.",
  },
  "descriptor.too_many_chunks": {
    severity: "error",
    says: "The File {subject} has {actual} chunks; {expected} are allowed for all files together.",
    mend: "Use larger chunks.",
  },
  "descriptor.compression_unknown": {
    severity: "warning",
    says: "The compression {actual} of the File {subject} is not known.",
    mend: "Use gzip, or store the file as it is.",
  },
  "descriptor.disk_without_id": {
    severity: "error",
    says: "A Disk has no diskId.",
    mend: "Give each Disk an ovf:diskId of its own.",
  },
  "descriptor.disk_id_twice": {
    severity: "error",
    says: "Two Disks have the diskId {subject}.",
    mend: "Give each Disk an ovf:diskId of its own.",
  },
  "descriptor.disk_file_unknown": {
    severity: "error",
    says: "The Disk {subject} refers to the File {actual}, which the References do not have.",
    mend: "Correct ovf:fileRef, or add the File to the References.",
  },
  "descriptor.disk_parent_unknown": {
    severity: "error",
    says: "The Disk {subject} has the parent {actual}, which is no Disk.",
    mend: "Correct ovf:parentRef.",
  },
  "descriptor.disk_cycle": {
    severity: "error",
    says: "The Disk {subject} is its own ancestor.",
    mend: "Correct ovf:parentRef: a base disk has none.",
  },
  "descriptor.capacity_refused": {
    severity: "error",
    says: "The capacity {actual} of the Disk {subject} is no number above zero, or its unit is not known.",
    mend: "Write the capacity as a number and its unit as byte * 2^N.",
  },
  "descriptor.number_refused": {
    severity: "warning",
    says: "{subject} is {actual}, which is no number.",
    mend: "Write a whole number.",
  },
  "descriptor.section_without_info": {
    severity: "note",
    says: "The section {subject} has no Info.",
    mend: "Add <Info>; DSP0243 asks for it.",
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
