import type { LambdaArchitecture } from '../../bundle/layers/duckdb-layer.ts';
import type { AlertSettings } from '../../contract/events/alert-settings.ts';
import type { SubscribersReport } from './compiled-subscriber.ts';
import type { TemplateReport } from './compiled-template.ts';

/** A set of templates to compile in one project, in one environment. */
export interface CompileRequest {
  /** The folder with `lambdas/steps`; absolute. */
  readonly root: string;
  /** Absolute paths of templates. */
  readonly templates: readonly string[];
  /** Names of the pipelines to compile; of the others only the names are read. Null for all. */
  readonly only: readonly string[] | null;
  /** The templates' environment. */
  readonly environment: string | null;
  /** True: a template without any environments compiles in every environment. */
  readonly plainInAny: boolean;
  readonly architecture: LambdaArchitecture;
  /** Alerts of templates without the key; null for none. */
  readonly projectAlerts: AlertSettings | null;
  /** True: the project's subscribers are compiled too. */
  readonly subscribers: boolean;
}

/** The answer of the compiling process. */
export type CompileAnswer =
  | { readonly reports: readonly TemplateReport[]; readonly subscribers: SubscribersReport | null }
  /** A sentence for people: no layer could be made, or a helper died. */
  | { readonly failure: string };
