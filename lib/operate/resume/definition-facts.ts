/** The facts that decide a resume: those of the pipeline, and for each step the parts that its result depends on. */

import { longDigest } from '../../contract/fingerprint.ts';
import { isObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { FinalizeEvent } from '../../contract/payloads.ts';
import type { PreparePayload } from '../../contract/resolve-event.ts';
import type { StepSpec, StepSpecs } from '../../contract/step-spec.ts';

/** The parts that a step's result depends on, as far as they are known without a run. */
export interface StepFacts extends Pick<StepSpec, 'name' | 'dependencies' | 'definition'> {
  /** The digest of the step's code, or its first characters. */
  readonly code: string;
  /** Known of a machine that was compiled here. */
  readonly needs?: StepSpec['needs'];
  /** Null if only its digest is known, as part of `definition`. */
  readonly config: StepSpec['config'] | null;
}

export interface DefinitionFacts {
  /** The payload of Prepare. */
  readonly pipeline: PreparePayload['pipeline'];
  /** Each step after all its dependencies. */
  readonly steps: readonly StepFacts[];
}

/** The facts of a machine compiled here: its definition, and the step specs that its functions have. */
export function machineFacts({ definition, steps }: { readonly definition: Json; readonly steps: StepSpecs }) {
  const facts = definitionFacts(definition);
  return { ...facts, steps: facts.steps.map((step) => ({ ...step, ...steps[step.name] })) };
}

/**
 * The facts of a definition alone. So it also works for a deployed machine whose template is elsewhere. Throws an Error for a definition that Daybreak did not
 * compile.
 */
export function definitionFacts(definition: Json): DefinitionFacts {
  const payloads = payloadsOf(definition);
  const pipeline = payloads.map((payload) => payload.pipeline).find(isObject);
  const steps = payloads.map((payload) => payload.steps).find(isObject);
  if (!pipeline || !steps) throw new Error('the definition is not one that Daybreak compiled: no state prepares a run');
  // The compiler checks both against the types. It writes literals for text that looks like an expression.
  const names = Object.keys(steps);
  const facts = names.map((name) => factsOf(name, (steps as FinalizeEvent['steps'])[name] ?? [], names));
  return {
    pipeline: { ...(decoded(pipeline) as unknown as PreparePayload['pipeline']), steps: names },
    steps: inOrder(new Map(facts.map((step) => [step.name, step])), names),
  };
}

function factsOf(name: string, madeOf: FinalizeEvent['steps'][string], names: readonly string[]): StepFacts {
  const [definition = '', code = '', ...after] = madeOf;
  const dependencies = after.map((index) => names[Number(index)] ?? '');
  return { name, dependencies, definition: longDigest(String(definition)), code: String(code), config: null };
}

/** The payloads of the machine's own Task states. */
function payloadsOf(graph: Json | undefined): JsonObject[] {
  if (!isObject(graph) || !isObject(graph.States)) return [];
  return Object.values(graph.States).flatMap((state) => {
    const payload = isObject(state) && isObject(state.Arguments) ? state.Arguments.Payload : undefined;
    return isObject(payload) ? [payload] : [];
  });
}

/** Reverses `literal` of lib/compiler/states, which writes text that looks like an expression as JSONata of its JSON. */
function decoded(value: Json): Json {
  if (typeof value === 'string') {
    const [, text] = /^\{%([\s\S]*)%\}$/.exec(value) ?? [];
    return text === undefined ? value : (JSON.parse(text) as Json);
  }
  if (Array.isArray(value)) return value.map(decoded);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
}

/** In the template's order, with every step after its dependencies. */
function inOrder(byName: ReadonlyMap<string, StepFacts>, names: readonly string[]): StepFacts[] {
  const ordered = new Set<StepFacts>();
  const add = (name: string): void => {
    const step = byName.get(name);
    if (!step || ordered.has(step)) return;
    step.dependencies.forEach(add);
    ordered.add(step);
  };
  names.forEach(add);
  return [...ordered];
}
