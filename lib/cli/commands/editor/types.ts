import { join } from 'node:path';
import { findPipelines } from '../../../compiler/find-pipelines.ts';
import { loadAnalysis } from '../../../compiler/load-analysis.ts';
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { compareTypes, isOutOfDate, type TypedPipeline, typesFile } from '../../refresh-types.ts';
import { counted } from '../../render/format.ts';
import { InvalidPipelineError, UsageError } from '../../typed/usage-error.ts';
import { writeFileAtomically } from '../../write-file.ts';

/** Writes the types of all pipelines for handlers, or with `--check` reports if they are out of date. Handlers may still be missing. */
export async function types({ flag }: Invocation, context: Context): Promise<Answer> {
  if (context.environment !== null) throw new UsageError('types are those of all environments: leave --env out');
  const pipelines = await loadAll(context);
  const change = await compareTypes(pipelines, { root: context.root, all: true });
  const steps = pipelines.reduce((sum, { variants }) => sum + (variants[0]?.template.steps.length ?? 0), 0);
  const isStale = isOutOfDate(change);
  const isWritten = isStale && !flag('check');
  if (isWritten) await writeFileAtomically(join(context.root, typesFile), change.after);
  const status = isWritten ? 'written' : isStale ? 'out of date' : 'up to date';
  const hint = status === 'out of date' ? '; run `npx daybreak types`' : '';
  return {
    exitCode: status === 'out of date' ? 1 : 0,
    json: { file: typesFile, status, pipelines: pipelines.length, steps },
    text: `${context.paint(typesFile, 'bold')} is ${status}: ${counted(pipelines.length, 'pipeline')}, ${counted(steps, 'step')}${hint}`,
  };
}

async function loadAll(context: Context): Promise<TypedPipeline[]> {
  const { root } = context;
  const paths = await findPipelines(root);
  if (paths.length === 0) throw new UsageError(`there are no templates in ${join(root, 'pipelines')}`);
  const found: TypedPipeline[] = [];
  let errors = 0;
  for (const path of paths) {
    const diagnostics: Diagnostic[] = [];
    const options = { root, environment: null, allowMissingHandlers: true };
    const { file, texts, variants } = await loadAnalysis(path, options, (one) => diagnostics.push(one));
    const own = context.report({ file, texts, diagnostics }, 'errors');
    errors += own.filter(({ severity }) => severity === 'error').length;
    found.push({ variants });
  }
  if (errors > 0)
    throw new InvalidPipelineError(`no types are written: the templates have ${counted(errors, 'error')}`);
  return found;
}
