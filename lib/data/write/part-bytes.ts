const mb = 1024 * 1024;

/** Few S3 requests, and a part is read again in a second: this much text becomes some 20 MB of Parquet. */
const most = 128 * mb;

/** What Lambda gives where nothing is asked for. */
const defaultScratchMb = 512;

/**
 * Bytes of text that become one part: an eighth of the scratch at most. The text lies there twice, while it is collected and while it is converted, beside three parts on their way, and a
 * step may write more than one dataset.
 */
export function partBytesFor(environment: Readonly<Record<string, string | undefined>>): number {
  return Math.min(most, (Number(environment.DAYBREAK_SCRATCH_MB ?? defaultScratchMb) * mb) / 8);
}
