/** What a package may be made of at most. Whoever goes past a limit is refused at the limit, not after it. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest descriptor that is read, in bytes; 99 of 100 real ones are below 58 kB. */
export const DESCRIPTOR_BYTES_MAX = 5 * MIB;
/** How deep elements of a descriptor may lie within each other. */
export const ELEMENT_DEPTH_MAX = 64;
/** Most attributes of one element. */
export const ATTRIBUTES_PER_ELEMENT_MAX = 128;
/** Most elements of a descriptor. */
export const ELEMENTS_MAX = 200_000;
/** Longest value of an attribute, in UTF-16 code units. */
export const ATTRIBUTE_CHARACTERS_MAX = 64 * KIB;
/** Longest text within one element, in UTF-16 code units; some templates carry licences of millions. */
export const TEXT_CHARACTERS_MAX = 4 * MIB;
/** Longest comment or processing instruction of a descriptor, in UTF-16 code units: it costs memory and says nothing. */
export const COMMENT_CHARACTERS_MAX = MIB;
/** Most `File` elements of a descriptor. */
export const FILE_ENTRIES_MAX = 1000;
/** Most `Disk` elements of a descriptor. */
export const DISK_ENTRIES_MAX = 1000;
/** Most chunks of all files of a descriptor together. */
export const CHUNKS_MAX = 10_000;
/** Most facts that are kept of each kind (systems, networks, licences, keys); those beyond are passed over. */
export const FACTS_OF_A_KIND_MAX = 1000;
/** Longest text that is kept as a fact, and longest licence or annotation, in UTF-16 code units; what is longer is cut. */
export const FACT_CHARACTERS_MAX = 1000;
export const LONG_FACT_CHARACTERS_MAX = 64 * KIB;
/** Largest exponent in `capacityAllocationUnits`, as in `byte * 2^70`. */
export const CAPACITY_EXPONENT_MAX = 70;

/** Longest file name, in bytes of UTF-8. */
export const NAME_BYTES_MAX = 255;

/** Largest manifest that is read, in bytes, its most lines, and the longest line in bytes. */
export const MANIFEST_BYTES_MAX = MIB;
export const MANIFEST_LINES_MAX = 10_000;
export const MANIFEST_LINE_BYTES_MAX = 4 * KIB;

/** Largest certificate file that is read, in bytes, its most PEM blocks, and the largest block in bytes. */
export const CERTIFICATE_BYTES_MAX = MIB;
export const PEM_BLOCKS_MAX = 10;
export const PEM_BLOCK_BYTES_MAX = 64 * KIB;
/** Longest RSA modulus, in bits, and longest exponent: what checking a signature may cost. */
export const RSA_MODULUS_BITS_MAX = 16_384;
export const RSA_EXPONENT_BITS_MAX = 32;
/** Shortest RSA modulus that is checked at all, in bits: whoever likes can find the key to a shorter one. */
export const RSA_MODULUS_BITS_MIN = 1024;
/** Shortest RSA modulus that counts as strong, in bits. */
export const RSA_MODULUS_BITS_STRONG = 2048;
/** Most certificates between a signer and the one that is trusted, both counted. */
export const CHAIN_LENGTH_MAX = 5;
/** Most signatures of certificates that are checked to find a path for one signer. */
export const LINK_CHECKS_MAX = 64;

/** Most headers of an archive, of members and of extensions. */
export const ARCHIVE_HEADERS_MAX = 10_000;
/** Largest body of a pax header, in bytes. */
export const PAX_BYTES_MAX = MIB;
/** Longest name that a GNU long-name header may give, in bytes. */
export const LONG_NAME_BYTES_MAX = 4 * KIB;
/** Most extension headers in front of one member. */
export const EXTENSIONS_PER_MEMBER_MAX = 8;

/** Most findings that are kept of one package; those beyond are counted only. */
export const FINDINGS_MAX = 1000;
/** Longest text of a name or value that a finding quotes, in UTF-16 code units. */
export const QUOTE_CHARACTERS_MAX = 200;
