import type { HandlerCode } from '../bundle/handler-code.ts';
import type { AlertSettings } from '../contract/events/alert-settings.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NamedTemplate } from './checks/check-together.ts';
import type { PipelinePlan } from './plan/plan.ts';
import type { KnownDatasets } from './sql/known-datasets.ts';
import type { CompiledMachine } from './states/emit-machine.ts';
import type { PipelineVariant } from './types/declare-pipeline.ts';

/** A template read from disk and compiled, or why it could not be. */
export type LoadedPipeline = {
  /** Path of the template as diagnostics show it. */
  readonly file: string;
  /** The template's text and those of its SQL files, by path as diagnostics show it, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
  /** The names that may collide with those of other templates; null if the template cannot be read that far. */
  readonly named: NamedTemplate | null;
  /** The template and its datasets in every environment, the chosen one first; empty if the template or a query is wrong. */
  readonly variants: readonly PipelineVariant[];
} & (
  | {
      readonly ok: true;
      readonly plan: PipelinePlan;
      readonly machine: CompiledMachine;
      /** The steps' datasets, from declarations and from queries. */
      readonly datasets: KnownDatasets;
      /** The code of the handlers by `entryKey`, from the reading that gave the digests. */
      readonly code: ReadonlyMap<string, HandlerCode>;
    }
  | { readonly ok: false }
);

export interface LoadOptions {
  /** Folder that has `pipelines/` and `lambdas/steps/`. */
  readonly root: string;
  /** Name of the template's environment whose overrides apply. */
  readonly environment: string | null;
  /** True: a template without any environments is the same in every environment. Otherwise an environment that the template lacks is an error. */
  readonly plainInAny?: boolean;
  /** Makes HANDLER_NOT_FOUND a warning: the template compiles, but cannot run. */
  readonly allowMissingHandlers: boolean;
  /** Alerts of templates that have no key `alerts`: those of daybreak.config.ts. Null, or left out, for none. */
  readonly projectAlerts?: AlertSettings | null;
  /** Looks at the schedule's next 400 starts, which takes a tenth of a second, and not at the next one alone. */
  readonly thorough?: boolean;
  /** Milliseconds since 1970, from which the schedule's next starts are checked; now when left out. */
  readonly now?: number;
}
