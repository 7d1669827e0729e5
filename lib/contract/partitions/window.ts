/** The name under which a step reads earlier partitions, in place of a step's: `"earlier"."revenue"`. */
export const earlierStep = 'earlier';

/** A partition that a step has read, as it was published then. */
export interface ReadPartition {
  readonly partition: string;
  readonly version: number;
  readonly content_digest: string;
}

/** The earlier partitions that a step reads. */
export interface Window {
  /** The published dataset. */
  readonly step: string;
  readonly dataset: string;
  /** The number of partitions before that of the run. */
  readonly back: number;
  /** `error`: a partition that is not published is an error. */
  readonly missing: 'error' | 'skip';
  /** The way in which the pipeline's time is cut; `start` is the name of the first partition. */
  readonly rule: {
    readonly by: 'hour' | 'day' | 'week' | 'month';
    readonly timezone: string;
    readonly start?: string | undefined;
  };
}
