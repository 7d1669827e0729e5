import { profileKey } from '../../contract/object-keys.ts';
import { type Profile, pointOf } from '../../contract/profiles/profile.ts';
import type { AnomalyCheck, Verdict } from '../../contract/records/data-check.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import { masksValues } from '../../exact/quoted-value.ts';
import { anomalyWords } from '../anomaly/anomaly-words.ts';
import { findAnomalies } from '../anomaly/find-anomalies.ts';
import type { Work } from '../invocation.ts';
import { createJson } from '../records/json-objects.ts';
import type { AskOne } from './ask-one.ts';
import { readHistory } from './dataset-history.ts';
import { makeProfile } from './make-profile.ts';
import { wantedProfile } from './wanted-profile.ts';

interface Profiling {
  readonly work: Work;
  readonly entry: DatasetEntry;
  readonly ask: AskOne;
  /** The rows that become visible, in SQL, and what defines them, with its WITH. */
  readonly table: string;
  readonly prelude: string;
}

/** The profile of one dataset of an attempt: made at most once, compared by checks, and kept if the data becomes visible. */
export class DatasetProfile {
  readonly #dataset: string;
  readonly #of: Profiling;
  #made: Promise<Profile> | null = null;

  constructor(dataset: string, of: Profiling) {
    this.#dataset = dataset;
    this.#of = of;
  }

  /** Compares the rows with those of earlier runs. */
  async compare({ columns, measures, runs, threshold }: AnomalyCheck): Promise<Verdict> {
    const { run, step } = this.#of.work.payload;
    const place = { pipeline: run.pipeline, step: step.name, dataset: this.#dataset };
    const [profile, history] = await Promise.all([
      this.#make(),
      readHistory(this.#of.work.invocation.ports.store, place),
    ]);
    const at = run.scheduled_time ?? run.started_at;
    const point = pointOf(profile, { run_id: run.run_id, at, version: null });
    const rule = { columns, measures, runs, threshold: Number(threshold) };
    return anomalyWords(findAnomalies(point, history, rule), at);
  }

  /** Stores the profile of a dataset that has one, under the digest of the rows that become visible. */
  async keep({ content_digest }: Pick<DatasetEntry, 'content_digest'>): Promise<void> {
    const { run, step } = this.#of.work.payload;
    if (wantedProfile(step, this.#dataset) === null) return;
    const profile = { ...(await this.#make()), content_digest };
    const key = profileKey(run, step.name, this.#dataset, content_digest);
    await createJson(this.#of.work.invocation.ports.store, key, profile);
  }

  #make(): Promise<Profile> {
    const { work, entry, ask, table, prelude } = this.#of;
    const { step } = work.payload;
    const quoted = (wantedProfile(step, this.#dataset)?.top_values ?? false) && !masksValues();
    this.#made ??= makeProfile({ step: step.name, dataset: this.#dataset, entry, ask, table, prelude, quoted });
    return this.#made;
  }
}
