import { loadPipeline } from '../compiler/load-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from '../compiler/loaded-pipeline.ts';
import { projectAlerts } from '../compiler/project-alerts.ts';
import { loadConfig } from '../config/load-config.ts';
import type { AlertSettings } from '../contract/events/alert-settings.ts';
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

const loadOptions = (context: Context): LoadOptions => {
  const { root, environment, allowMissingHandlers } = context;
  return { root, environment, allowMissingHandlers, projectAlerts: alertsOf(context) };
};

/** The configuration is read once for a command; `dev` reads it again in each round. */
const known = new WeakMap<Context, AlertSettings | null>();

/** Alerts of templates without the key: those of daybreak.config.ts, of the environment if it has its own. */
function alertsOf(context: Context): AlertSettings | null {
  const found = known.get(context);
  if (found !== undefined) return found;
  const { config } = loadConfig(context.root);
  const own = context.environment === null ? undefined : config.environments?.[context.environment];
  const alerts = projectAlerts((own?.defaults ?? config.defaults)?.alerts);
  known.set(context, alerts);
  return alerts;
}
