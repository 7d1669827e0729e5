const mb = 1024 * 1024;

/** Large enough for few S3 requests, small enough to read a part again in a second. This much text becomes some 20 MB of Parquet. */
const most = 128 * mb;

/** Lambda's default scratch size. */
const defaultScratchMb = 512;

/**
 * Returns the bytes of text in one part: at most an eighth of the scratch. Scratch holds the text twice, during collection and during conversion, next to three
 * parts in transit. A step may also write more than one dataset.
 */
export function partBytesFor(environment: Readonly<Record<string, string | undefined>>): number {
  return Math.min(most, (Number(environment.DAYBREAK_SCRATCH_MB ?? defaultScratchMb) * mb) / 8);
}
