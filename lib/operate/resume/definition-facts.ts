/** What a compiled machine says of its pipeline, from the definition alone: so it also works on one that is deployed and whose template is elsewhere. */
import type { Json, JsonObject } from '../../contract/json.ts';
import type { PreparePayload, StepSpec } from '../../contract/payloads.ts';

/** What a step's result depends on, as far as the definition knows it. */
export type StepFacts = Pick<StepSpec, 'name' | 'dependencies' | 'definition' | 'code' | 'config'>;

export interface DefinitionFacts {
  /** What Prepare is told. */
  readonly pipeline: PreparePayload['pipeline'];
  /** Each after all that it depends on. */
  readonly steps: readonly StepFacts[];
}

/** Reads the definition of a machine that Daybreak compiled; anything else is an Error. */
export function definitionFacts(definition: Json): DefinitionFacts {
  const payloads = payloadsOf(definition);
  const pipeline = payloads.map((payload) => payload.pipeline).find(isObject);
  if (!pipeline) throw new Error('the definition is not one that Daybreak compiled: no state prepares a run');
  const steps = payloads
    .map((payload) => payload.step)
    .filter(isObject)
    .filter((step) => 'code' in step && 'config' in step);
  // The compiler has checked both against the types; literals are what it writes for text that looks like an expression.
  const named = pipeline as unknown as PreparePayload['pipeline'];
  const facts = new Map(steps.map((step) => [String(step.name), decoded(step) as unknown as StepFacts]));
  return {
    pipeline: decoded(pipeline) as unknown as PreparePayload['pipeline'],
    steps: inOrder(facts, named.steps ?? [...facts.keys()]),
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The payloads of all Task states, those inside of Parallel and Map states too. */
function payloadsOf(graph: Json | undefined): JsonObject[] {
  if (!isObject(graph) || !isObject(graph.States)) return [];
  return Object.values(graph.States)
    .filter(isObject)
    .flatMap((state) => {
      const inner = [...(Array.isArray(state.Branches) ? state.Branches : []), state.ItemProcessor];
      const payload = isObject(state.Arguments) ? state.Arguments.Payload : undefined;
      return [...(isObject(payload) ? [payload] : []), ...inner.flatMap(payloadsOf)];
    });
}

/** Undoes what `literal` of lib/compiler/states does to text that Step Functions would take for an expression: it writes the JSON of a value as JSONata. */
function decoded(value: Json): Json {
  if (typeof value === 'string') {
    const [, text] = /^\{%([\s\S]*)%\}$/.exec(value) ?? [];
    return text === undefined ? value : (JSON.parse(text) as Json);
  }
  if (Array.isArray(value)) return value.map(decoded);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
}

/** As in the template, but no step before one that it depends on. */
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
