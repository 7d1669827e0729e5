import { resolve } from 'node:path';
import { planAnalysis } from '../compiler/compile-pipeline.ts';
import { findPipelines } from '../compiler/find-pipelines.ts';
import { loadAnalysis } from '../compiler/load-analysis.ts';
import { stepSpecs } from '../compiler/states/step-specs.ts';
import type { JsonObject } from '../contract/json.ts';
import { earlierStep } from '../contract/partitions/window.ts';
import type { StepSpec } from '../contract/step-spec.ts';
import type { StepWork } from '../contract/step-work.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { renderDiagnostics } from '../diagnostics/render-diagnostics.ts';
import type { PartitionSetting } from '../input/partitions/decide-partition.ts';
import type { Columns } from '../runtime/step.ts';
import type { Given } from './given.ts';

/** A step as its template describes it. */
export interface TemplateStep {
  readonly pipeline: string;
  readonly spec: StepSpec;
  readonly work: StepWork;
  readonly inputSchema: JsonObject | null;
  /** Null in a pipeline without `partition`. */
  readonly partition: PartitionSetting | null;
  readonly secrets: readonly string[];
  columns(step: string, dataset: string): Columns | null;
}

type Where = Pick<Given, 'root' | 'env'>;

/** Templates are read once in a process: a file of tests asks for the same one many times. */
const loaded = new Map<string, Promise<ReadonlyMap<string, TemplateStep>>>();

/** The step `pipeline.step` of a project's templates. A name that does not exist, or a wrong template, is an error. */
export async function templateStep(name: string, { root = '.', env }: Where): Promise<TemplateStep> {
  const [pipeline = ''] = name.split('.', 1);
  const steps = await stepsOf(resolve(root), pipeline, env ?? null);
  const found = steps.get(name);
  if (found) return found;
  const known = [...steps.keys()];
  throw new TypeError(
    `there is no step "${name}"${didYouMean(name, known) || `; pipeline "${pipeline}" has ${known.join(', ')}`}`,
  );
}

/** A test gives the earlier partitions that a step reads like a dependency: `upstream.earlier`. */
function withEarlier({ needs, ...spec }: StepSpec): StepSpec {
  return needs ? { ...spec, dependencies: [...spec.dependencies, earlierStep] } : spec;
}

function stepsOf(root: string, pipeline: string, env: string | null): Promise<ReadonlyMap<string, TemplateStep>> {
  const key = JSON.stringify([root, pipeline, env]);
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const found = loadSteps(root, pipeline, env);
  loaded.set(key, found);
  return found;
}

async function loadSteps(root: string, pipeline: string, environment: string | null) {
  const names: string[] = [];
  for (const path of await findPipelines(root)) {
    const diagnostics: Diagnostic[] = [];
    const options = { root, environment, allowMissingHandlers: true };
    const { texts, analysis, variants } = await loadAnalysis(path, options, (one) => diagnostics.push(one));
    const name = analysis?.template.name ?? '';
    names.push(name);
    if (!analysis || name !== pipeline) continue;
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new TypeError(renderDiagnostics(errors, texts, { color: false }));
    const plan = planAnalysis(analysis);
    const [chosen] = variants;
    if (!plan || !chosen) throw new TypeError(`${path} cannot be planned`);
    const specs = stepSpecs(plan.steps, () => ({ digest: 'code of a test' }));
    return new Map(
      plan.steps.map((step): [string, TemplateStep] => {
        const spec = withEarlier(specs[step.name] as StepSpec);
        const { work, secrets } = step;
        const columns = (other: string, dataset: string) => chosen.datasets.columns(other, dataset);
        const facts = {
          pipeline,
          spec,
          work,
          inputSchema: plan.inputSchema,
          partition: plan.partition,
          secrets: Object.keys(secrets),
          columns,
        };
        return [`${pipeline}.${step.name}`, facts];
      }),
    );
  }
  const others = names.length > 0 ? `; there is ${names.join(', ')}` : '';
  throw new TypeError(`there is no pipeline "${pipeline}" below ${root}${didYouMean(pipeline, names) || others}`);
}
