import type { Layer } from '../../bundle/layers/kept-layer.ts';
import type { NamedTemplate } from '../../compiler/checks/check-together.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Code in a folder that the CDK may copy from; named by its content. */
export interface CodeFolder {
  readonly folder: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** A template that can be deployed: its machine, and the code of its functions in folders on this machine. */
export interface CompiledTemplate {
  readonly plan: PipelinePlan;
  readonly machine: CompiledMachine;
  readonly code: {
    /** Of the functions that run steps, by placeholder. */
    readonly steps: Readonly<Record<string, CodeFolder>>;
    /** Of all functions of the platform. */
    readonly platform: CodeFolder;
  };
  /** The runtime, and DuckDB for the architecture that was asked for. */
  readonly layers: { readonly runtime: Layer; readonly queryEngine: Layer };
}

/** A template as the compiling process answers it. */
export interface TemplateReport {
  /** Absolute. */
  readonly path: string;
  /** As diagnostics show it. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that diagnostics quote. */
  readonly texts: ReadonlyMap<string, string>;
  /** The names that may collide with those of other templates; null if the template cannot be read that far. */
  readonly named: NamedTemplate | null;
  /** Null if a diagnostic hinders it, or if only the names were asked for. */
  readonly compiled: CompiledTemplate | null;
}
