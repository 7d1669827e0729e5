import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { type RunDataset, runDatasets } from '../../../operate/data/run-datasets.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { UsageError } from '../usage-error.ts';

/** All datasets of a run. A run without any is a UsageError. */
export async function datasetsOf(report: RunReport, store: ObjectStore): Promise<RunDataset[]> {
  const found = await runDatasets(
    store,
    report,
    report.steps.map(({ step }) => step),
  );
  if (found.length > 0) return found;
  throw new UsageError(`run ${report.run_id} of ${report.pipeline} (${report.status}) has no datasets`);
}

/** The dataset that a person names as `step.dataset`, or as a step that has only one. Anything else is a UsageError that lists the datasets of the run. */
export async function chosenDataset(report: RunReport, name: string, store: ObjectStore): Promise<RunDataset> {
  const all = await datasetsOf(report, store);
  const exact = all.find(({ step, dataset }) => `${step}.${dataset}` === name);
  const ofStep = all.filter(({ step }) => step === name);
  const [only, ...others] = ofStep;
  if (exact) return exact;
  if (only && others.length === 0) return only;
  const names = all.map(({ step, dataset }) => `${step}.${dataset}`);
  const state = report.steps.find(({ step }) => step === name.split('.')[0]);
  const why =
    state && !['succeeded', 'reused'].includes(state.outcome) ? ` (step ${state.step}: ${state.outcome})` : '';
  throw new UsageError(
    `run ${report.run_id} has no dataset "${name}"${why}${didYouMean(name, names)} (its datasets are: ${names.join(', ')})`,
  );
}
