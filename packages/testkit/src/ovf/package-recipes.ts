import { archivePairs, hostileArchives } from "./crooked-archives.ts";
import { descriptorPairs, hostileDescriptors } from "./crooked-descriptors.ts";
import { filePairs, oddPackages } from "./crooked-files.ts";
import { imagePairs, oddImages } from "./crooked-images.ts";
import { manifestPairs, oddManifests } from "./crooked-manifests.ts";
import { oddSignatures, signaturePairs } from "./crooked-signatures.ts";
import { type PackageRecipe, recipesOf } from "./package-recipe.ts";
import { soundPackages } from "./sound-packages.ts";

/** Every package and image, sound or crooked; keys and certificates among them are new with each call. */
export const packageRecipes = (): readonly PackageRecipe[] => [
  ...soundPackages(),
  ...[
    ...descriptorPairs(),
    ...filePairs(),
    ...manifestPairs(),
    ...signaturePairs(),
    ...archivePairs(),
    ...imagePairs(),
  ].flatMap(recipesOf),
  ...hostileDescriptors(),
  ...hostileArchives(),
  ...oddPackages(),
  ...oddManifests(),
  ...oddSignatures(),
  ...oddImages(),
];
