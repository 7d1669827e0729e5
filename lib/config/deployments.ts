import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { type DaybreakConfig, type EnvironmentConfig, prefixPattern } from './config.ts';
import { ConfigError } from './parse-settings.ts';
import type { PipelineSettings } from './pipeline-settings.ts';
import { defaultPrefix } from './stack-names.ts';
import type { StoreSettings } from './store-settings.ts';

/** One deployment of a project's pipelines: to one account and region, with one store. */
export interface Deployment {
  readonly prefix: string;
  /** Stands in the names of stacks; null for none. */
  readonly stage: string | null;
  /** The templates' environment. */
  readonly environment: string | null;
  /** True: a template without any environments may be deployed too. */
  readonly plainInAny: boolean;
  readonly env: { readonly account?: string; readonly region?: string };
  /** Names of the pipelines to deploy; null for all. */
  readonly only: readonly string[] | null;
  readonly store: StoreSettings;
  readonly settings: PipelineSettings;
}

/** The choices on the command line of the CDK (`-c key=value`); null for each that is not made. They take precedence over the configuration. */
export interface Choices {
  readonly env: string | null;
  readonly pipeline: string | null;
  readonly prefix: string | null;
  readonly architecture: string | null;
}

/**
 * Returns the deployments of a project: one for each entry of `environments`, or the one that `-c env` names; without `environments`, the one that the
 * configuration itself describes.
 */
export function deployments(config: DaybreakConfig, choices: Choices): Deployment[] {
  const { environments, prefix: configured, ...common } = config;
  const prefix = choices.prefix ?? configured ?? defaultPrefix;
  if (!prefixPattern.test(prefix)) {
    throw new ConfigError(
      `the prefix "${prefix}" cannot begin the name of a stack: it takes 1 to 30 letters and digits, and a letter first`,
    );
  }
  const made = (stage: string | null, own: EnvironmentConfig): Deployment => {
    const merged = merge(common, own);
    const { account, region, pipelines, store, environment, ...settings } = merged;
    const chosen = environment ?? stage;
    return {
      prefix,
      stage,
      environment: chosen,
      plainInAny: environments !== undefined && environment === undefined,
      env: { ...(account !== undefined && { account }), ...(region !== undefined && { region }) },
      only: only(choices.pipeline, pipelines),
      store: { ...store, ...(store?.tags || settings.tags ? { tags: { ...settings.tags, ...store?.tags } } : {}) },
      settings: { ...settings, ...architecture(choices.architecture) },
    };
  };
  if (environments === undefined) return [made(choices.env, {})];
  const names = Object.keys(environments);
  if (choices.env === null) return names.map((name) => made(name, environments[name] ?? {}));
  const own = environments[choices.env];
  if (own) return [made(choices.env, own)];
  throw new ConfigError(
    `there is no environment "${choices.env}" in the configuration${didYouMean(choices.env, names) || `; there are ${names.join(', ')}`}`,
  );
}

/** `*` is every pipeline, and a list has commas. */
const only = (choice: string | null, configured: readonly string[] | undefined): readonly string[] | null => {
  if (choice === null) return configured ?? null;
  return choice === '*' ? null : choice.split(',').map((name) => name.trim());
};

const architecture = (choice: string | null): Pick<PipelineSettings, 'architecture'> => {
  if (choice === null) return {};
  if (choice === 'arm64' || choice === 'x86_64') return { architecture: choice };
  throw new ConfigError(`Lambda has no architecture "${choice}"; there are arm64 (the default) and x86_64`);
};

/** The environment's own keys replace those of the configuration; of tags, alerts and the store, key by key. */
const merge = (common: EnvironmentConfig, own: EnvironmentConfig): EnvironmentConfig => ({
  ...common,
  ...own,
  ...(common.tags && own.tags && { tags: { ...common.tags, ...own.tags } }),
  ...(common.alerts && own.alerts && { alerts: { ...common.alerts, ...own.alerts } }),
  ...(common.store && own.store && { store: { ...common.store, ...own.store } }),
});
