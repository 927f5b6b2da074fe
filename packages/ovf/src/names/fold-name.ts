const ASCII = /^[\x20-\x7e]*$/;

/**
 * A name in the form in which two names are the same for a file system that sees no difference of case or of composition.
 * It is for comparing only. Going up and down again brings together what one way alone leaves apart, such as both sigmas.
 */
export const foldName = (name: string): string =>
  ASCII.test(name)
    ? name.toLowerCase()
    : name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
