import type { RunContext } from '../../contract/payloads.ts';
import type { Change, Pointer } from '../../contract/published/pointer.ts';
import type { PublishSetting } from '../../contract/published/publish-setting.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { isoTime } from '../records/json-objects.ts';
import { refuseBreaking } from './check-contract.ts';
import { movePointer } from './move-pointer.ts';
import { partitionRow, versionOf, withPublished } from './pointer-changes.ts';
import { marksAfter, refuseStaleMarks } from './published-marks.ts';
import { claimVersion, type Draft, draftVersion, otherRuns, summaryOf } from './published-record.ts';

/** The data that an execution which succeeded makes visible. */
export interface Publishing {
  readonly run: RunContext;
  /** "" for an unpartitioned pipeline. */
  readonly partition: string;
  readonly setting: PublishSetting;
  readonly outcomes: readonly (Pick<Outcome, 'step'> & Partial<Pick<Outcome, 'manifest'>>)[];
}

/** `withheld`: nothing is wrong, but readers keep the version that they have. `refused`: the execution has to fail. `overtaken`: a later holder of the lease has published. */
export type Publication =
  | {
      readonly partition: string;
      readonly version: number;
      /** Null if later changes have pushed it out of the pointer. */
      readonly change: Change | null;
    }
  | { readonly withheld: string }
  | { readonly refused: string }
  | { readonly overtaken: true };

/**
 * Makes an execution's datasets the current version, all at once. The record of the version is written first, then one compare-and-swap moves the pointer. The fence of the execution's lease
 * decides in that same write, so an execution that was overtaken cannot publish over a later one. Each execution publishes once, however often it is asked.
 */
export async function publishRun(
  publishing: Publishing,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<Publication> {
  const { run, partition, setting } = publishing;
  const { lease } = run;
  if (!lease)
    return { refused: 'its runs do not take turns ("overlap"), so no one can say which of two versions is newer' };
  let draft: Draft | null = null;
  return movePointer<Publication>(store, run.pipeline, async (pointer) => {
    const at = isoTime(clock.now());
    const own = versionOf(pointer, run);
    if (own) return { answer: { ...own, change: publishedBy(pointer, own.version) } };
    const { fence } = partitionRow(pointer, partition);
    if (fence > lease.fence) return { answer: { overtaken: true } };
    if (draft === null) {
      const drafted = await draftVersion(store, { ...publishing, at });
      if ('fault' in drafted) return { answer: { refused: drafted.fault } };
      draft = drafted;
    }
    const withdrawn = sameWithdrawn(pointer, draft);
    if (withdrawn) return { answer: { withheld: withheldText(withdrawn) } };
    const breaking = setting.breaking ? null : await refuseBreaking(store, pointer, draft);
    if (breaking !== null) return { answer: { refused: breaking } };
    const stale = refuseStaleMarks(pointer, draft);
    if (stale !== null) return { answer: { refused: stale } };
    const { version } = await claimVersion(store, draft, pointer.greatest + 1);
    const others = otherRuns(draft);
    const watermarks = marksAfter(pointer, draft);
    const kept = {
      ...{ version, run_id: run.run_id, execution: run.execution, published_at: at, content: draft.content },
      ...(others.length > 0 && { other_runs: others }),
      ...(watermarks.length > 0 && { watermarks }),
    };
    const next = { partition, fence: lease.fence, kept, summary: summaryOf(draft), keep: setting.keep };
    const moved = withPublished(pointer, next);
    return { write: moved, answer: { partition, version, change: publishedBy(moved, version) } };
  });
}

const publishedBy = ({ changes }: Pointer, version: number): Change | null =>
  changes.find(({ kind, after }) => kind === 'published' && after === version) ?? null;

/** The withdrawn version that the same run would publish again, with the same content. */
const sameWithdrawn = ({ withdrawn }: Pointer, { run_id, partition, content }: Draft) =>
  withdrawn.find((one) => one.run_id === run_id && one.partition === partition && one.content === content);

const withheldText = ({ version, by, reason }: Pointer['withdrawn'][number]): string =>
  `the same data was withdrawn as version ${version} by ${by}: ${reason}`;
