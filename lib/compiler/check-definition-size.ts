import type { Report } from '../diagnostics/diagnostic.ts';
import type { CompiledMachine } from './states/emit-machine.ts';

/** Step Functions' limit of a request, in bytes (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
const largestRequest = 1_048_576;

/** A definition's share of it. The request also has a header, the role, the logging and the tags, and the lengths of ARNs are estimates. */
const largestDefinition = 940_000;

/** Approximate length of the qualified function ARN that replaces a placeholder. */
const placeholderLength = 130;

/**
 * Length of the definition as Step Functions will count it, in bytes: as a string in the JSON of the request that creates the machine, so that each quotation mark counts twice.
 * Estimated, since ARNs are only known when they exist.
 */
function deployedLength(machine: CompiledMachine): number {
  const definition = JSON.stringify(machine.definition);
  let length = Buffer.byteLength(definition) + 2;
  for (const [found] of definition.matchAll(/\$\{[^}]*\}|["\\]/g))
    length += found.length === 1 ? 1 : placeholderLength - found.length;
  return length;
}

/** Warns of a definition that Step Functions would reject. It still runs offline; a deployment stops here. */
export function checkDefinitionSize(
  { file, machine }: { readonly file: string; readonly machine: CompiledMachine },
  report: Report,
): void {
  const length = deployedLength(machine);
  if (length <= largestDefinition) return;
  const steps = Object.keys(machine.steps).length;
  const pipelines = Math.ceil(length / largestDefinition);
  report({
    code: 'DEFINITION_TOO_LARGE',
    severity: 'warning',
    message: `the compiled machine of ${steps} steps takes about ${length} bytes of a request to Step Functions, which takes ${largestRequest}; about ${largestDefinition} of them are for the definition, so the pipeline runs offline but cannot be deployed; make ${pipelines} pipelines of it, or more`,
    span: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
  });
}
