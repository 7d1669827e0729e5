import type { Report } from '../../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../../diagnostics/diagnostic-codes.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { defaults } from '../plan/defaults.ts';
import type { StepTemplate, Template } from '../template/template.ts';

/** Names of a step's datasets; null when only a run will tell. */
type NamesOf = (step: string) => readonly string[] | null;

/** Reports published datasets that no step makes, that are named twice, or that a run can lack although it succeeds; and runs that do not take turns. */
export function checkPublish(template: Template, namesOf: NamesOf, report: Report): void {
  const { publish, steps } = template;
  if (publish === null) return;
  checkTurns(template, report);
  const byName = new Map(steps.map((step) => [step.name, step]));
  const seen = new Set<string>();
  for (const [index, { step, dataset }] of publish.datasets.entries()) {
    const say = (code: DiagnosticCode, message: string) =>
      report(makeDiagnostic(code, template.at(['publish', 'datasets', index]), message));
    const made = namesOf(step);
    if (!byName.has(step)) say('UNKNOWN_STEP', `there is no step "${step}"${didYouMean(step, [...byName.keys()])}`);
    else if (made && !made.includes(dataset))
      say('UNKNOWN_DATASET', `step "${step}" makes no dataset "${dataset}"${didYouMean(dataset, made)}`);
    else if (seen.has(`${step}.${dataset}`)) say('BAD_PUBLISH', `"${step}.${dataset}" is listed twice; leave one out`);
    else {
      const lacking = optionalBefore(step, byName);
      if (lacking !== null)
        say('BAD_PUBLISH', `a run can succeed without "${step}.${dataset}": ${whyLacking(step, lacking)}`);
    }
    seen.add(`${step}.${dataset}`);
  }
}

const whyLacking = (step: string, optional: string): string =>
  optional === step
    ? `step "${step}" is optional; leave "optional" out, or do not publish its dataset`
    : `step "${optional}" is optional, and "${step}" does not run when it fails; leave "optional" out, or do not publish the dataset`;

/** The optional step whose failure leaves a step without data in a run that succeeds; null if there is none. */
function optionalBefore(name: string, steps: ReadonlyMap<string, StepTemplate>): string | null {
  const seen = new Set([name]);
  for (const one of seen) {
    const step = steps.get(one);
    if (step?.optional) return one;
    const waits = (step?.triggerRule ?? defaults.triggerRule) !== 'all_done';
    // A set visits what is added while it is walked through.
    if (waits) for (const dependency of step?.dependencies ?? []) seen.add(dependency);
  }
  return null;
}

/** Of two versions the one with the later turn is the newer. Runs that overlap have no order. */
function checkTurns({ overlap, partition, at }: Template, report: Report): void {
  const say = (message: string) => report(makeDiagnostic('BAD_PUBLISH', at(['overlap']), message));
  if (overlap?.policy === 'allow')
    say(
      'runs of a pipeline that publishes have to take turns, or an older run could publish over a newer one; write "skip" or "queue"',
    );
  else if (overlap?.key != null && partition === null)
    say(`runs with different "${overlap.key}" do not take turns, but publish the same datasets; leave "key" out`);
}
