import { earlierStep } from '../../contract/partitions/window.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Template } from '../template/template.ts';

/** Reports windows (`needs`) that no run could read: without partitions, of datasets that are not published, in another unit. */
export function checkNeeds(template: Template, report: Report): void {
  const { steps, partition, publish } = template;
  const published = publish?.datasets.map(({ step, dataset }) => `${step}.${dataset}`) ?? [];
  const sources = new Map<string, string>();
  for (const { index, needs, dependencies } of steps) {
    if (needs === null) continue;
    const say = (path: readonly string[], message: string): void =>
      report(makeDiagnostic('BAD_VALUE', template.at(['steps', index, 'needs', ...path]), message));
    const name = `${needs.step}.${needs.dataset}`;
    const other = sources.get(needs.dataset);
    sources.set(needs.dataset, name);
    if (!partition) say([], '"needs" reads other partitions, and this pipeline has no key "partition"');
    else if (needs.unit !== partition.by)
      say(['from'], `"from" counts by ${needs.unit}, but the pipeline has a partition for each ${partition.by}`);
    if (!dependencies.includes(needs.step))
      say(
        ['dataset'],
        `the step does not depend on "${needs.step}", which makes "${needs.dataset}"; add it to dependencies`,
      );
    if (!published.includes(name)) {
      const hint =
        didYouMean(name, published) || (published.length > 0 ? `; it publishes ${published.join(', ')}` : '');
      say(['dataset'], `other partitions are read as they are published, but "publish" does not have "${name}"${hint}`);
    } else if (other !== undefined && other !== name)
      say(
        ['dataset'],
        `"${earlierStep}"."${needs.dataset}" would be both "${other}" and "${name}"; rename one dataset`,
      );
  }
  const same = steps.find(({ name }) => name.toLowerCase() === earlierStep);
  if (same && sources.size > 0) {
    const message = `"${earlierStep}" is the name of the earlier partitions that "needs" reads; rename the step`;
    report(makeDiagnostic('BAD_NAME', template.at(['steps', same.index, 'name']), message));
  }
}
