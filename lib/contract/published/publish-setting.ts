import * as z from 'zod/mini';

/** The key `publish` as Finalize knows it. */
export const publishSetting = z.strictObject({
  /** Names of the published datasets, by step. */
  datasets: z.record(z.string(), z.array(z.string())),
  /** The number of versions before the current one that stay readable. */
  keep: z.int().check(z.nonnegative()),
  /** The author allows this version to break the schema of the one before. */
  breaking: z.optional(z.literal(true)),
});
export type PublishSetting = z.infer<typeof publishSetting>;
