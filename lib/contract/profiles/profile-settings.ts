/** Which datasets of a step get a profile: by dataset, `*` for every other one; null for none. */
export type ProfileSettings = Readonly<Record<string, { readonly top_values: boolean } | null>>;

/** The setting of all datasets that have none themselves. No dataset can have this name. */
export const otherDatasets = '*';
