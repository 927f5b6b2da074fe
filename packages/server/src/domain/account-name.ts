/**
 * The account a user name stands for: `Administrator`, `administrator@vsphere.local` and `VSPHERE.LOCAL\administrator` are
 * one. Null when the name belongs to another domain or is empty.
 */
export const parseAccountName = (userName: string, domain: string): string | null => {
  const lower = userName.trim().toLowerCase();
  const at = lower.lastIndexOf("@");
  const backslash = lower.indexOf("\\");
  if (at >= 0) return nameInDomain(lower.slice(0, at), lower.slice(at + 1), domain);
  if (backslash >= 0)
    return nameInDomain(lower.slice(backslash + 1), lower.slice(0, backslash), domain);
  return nameInDomain(lower, domain, domain);
};

const nameInDomain = (name: string, given: string, domain: string): string | null =>
  name !== "" && given === domain ? name : null;
