import { loadPipeline } from '../compiler/load-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from '../compiler/loaded-pipeline.ts';
import type { Context } from './context.ts';
import { counted } from './render/format.ts';
import { findPipeline } from './typed/find-pipeline.ts';
import { InvalidPipelineError } from './typed/usage-error.ts';

/** A pipeline without errors. */
export type ValidPipeline = LoadedPipeline & { readonly ok: true };

/** A command's load options besides the common ones. */
interface Wishes extends Partial<Pick<LoadOptions, 'environment' | 'allowMissingHandlers'>> {
  /** Shows only the number of warnings unless this is `all`. */
  readonly show?: 'all' | 'errors';
}

/** Compiles the pipeline that a person named and shows its diagnostics. Throws an InvalidPipelineError if it has errors. */
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

/** Compiles a template with the common options, and checks everything that a deployment could refuse. */
export function load(path: string, context: Context): Promise<LoadedPipeline> {
  return loadPipeline(path, { ...loadOptions(context), thorough: true });
}

const loadOptions = ({ root, environment, allowMissingHandlers }: Context): LoadOptions => ({
  root,
  environment,
  allowMissingHandlers,
});
