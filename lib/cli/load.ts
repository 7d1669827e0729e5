import { loadPipeline } from '../compiler/load-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from '../compiler/loaded-pipeline.ts';
import type { Context } from './context.ts';
import { counted } from './render/format.ts';
import { findPipeline } from './typed/find-pipeline.ts';
import { InvalidPipelineError } from './typed/usage-error.ts';

/** A pipeline without errors. */
export type ValidPipeline = LoadedPipeline & { readonly ok: true };

/** What a command asks for besides the common options. */
interface Wishes extends Partial<Pick<LoadOptions, 'environment' | 'allowMissingHandlers'>> {
  /** Of warnings only the number is shown unless this is `all`. */
  readonly show?: 'all' | 'errors';
}

/** Compiles the pipeline that a person named and shows its diagnostics; one that has errors is an InvalidPipelineError. */
export async function loadValid(
  wanted: string,
  context: Context,
  { show = 'errors', ...wishes }: Wishes = {},
): Promise<ValidPipeline> {
  const { path } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
  const loaded = await loadPipeline(path, { ...loadOptions(context), ...wishes });
  const errors = context.report(loaded, show).filter(({ severity }) => severity === 'error').length;
  if (loaded.ok && errors === 0) return loaded;
  throw new InvalidPipelineError(`${loaded.file} has ${counted(errors, 'error')}`);
}

/** Compiles a template by the common options, and looks at all that a deployment could refuse. */
export function load(path: string, context: Context): Promise<LoadedPipeline> {
  return loadPipeline(path, { ...loadOptions(context), thorough: true });
}

const loadOptions = ({ root, environment, allowMissingHandlers }: Context): LoadOptions => ({
  root,
  environment,
  allowMissingHandlers,
});
