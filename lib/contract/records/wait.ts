/** `executions/<n>/waits/<step>.json`: the live token of a waiting step. */
export interface WaitRecord {
  readonly token: string;
  readonly rank: WaitRank;
}

/**
 * Order of a wait state's attempts, compared from left to right: redrive count, when the state was entered (ISO 8601 UTC; a wait that ran into its backstop
 * enters itself again), retry count.
 */
export type WaitRank = readonly [redrives: number, entered: string, retries: number];
