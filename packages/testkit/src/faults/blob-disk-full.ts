import type { FileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import { fileSystemAround, systemError } from "./file-system-around.ts";

/** A file system with room for `capacityBytes`; files that are removed give their room back. */
export const fileSystemWithRoomFor = (inner: FileSystem, capacityBytes: number): FileSystem => {
  const sizes = new Map<string, number>();
  const used = (): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return fileSystemAround(inner, {
    call: async (call, proceed) => {
      const sizeBytes = call.name === "write" ? (call.sizeBytes ?? 0) : 0;
      if (used() + sizeBytes > capacityBytes) throw systemError("ENOSPC");
      const result = await proceed();
      const before = sizes.get(call.path) ?? 0;
      if (call.name === "open" && call.flags === "w") sizes.delete(call.path);
      if (call.name === "truncate") sizes.set(call.path, Math.min(before, call.sizeBytes ?? 0));
      if (call.name === "write") sizes.set(call.path, before + sizeBytes);
      if (call.name === "unlink" || call.name === "rename") sizes.delete(call.path);
      if (call.to !== undefined) sizes.set(call.to, before);
      return result;
    },
  });
};

/** A device on which every write fails for want of room, where the system has one. */
export const FULL_DEVICE = "/dev/full";

/**
 * A file system on which the first file that is made has no room at all, also for a thread that writes to it by its descriptor.
 */
export const fileSystemWithFullFile = (inner: FileSystem): FileSystem => {
  let made = 0;
  return {
    ...inner,
    open: async (path, flags, mode) => {
      if (flags.startsWith("r") || (made += 1) > 1) return await inner.open(path, flags, mode);
      const named = await inner.open(path, flags, mode);
      await named.close();
      return await inner.open(FULL_DEVICE, "w");
    },
  };
};
