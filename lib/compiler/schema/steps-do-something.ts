import type { JsonObject } from '../../contract/json.ts';

const has = (name: string): JsonObject => ({ required: [name], properties: { [name]: { not: { type: 'null' } } } });

/** A handler as a mapping has to name what runs; as text it is the name. */
const callable: JsonObject = {
  required: ['handler'],
  properties: {
    handler: { anyOf: [{ type: ['string', 'number', 'boolean'] }, { type: 'object', required: ['callable'] }] },
  },
};

const oneQuery: JsonObject = { anyOf: [{ not: { type: 'object' } }, has('file'), has('query')] };

/** SQL has to say which queries there are. */
const queries: JsonObject = {
  required: ['sql'],
  properties: {
    sql: {
      type: 'object',
      anyOf: [has('file'), has('query'), has('datasets')],
      properties: { datasets: { additionalProperties: oneQuery }, result: oneQuery },
    },
  },
};

/** SQL beside a handler is a mistake in itself; its queries are held to the same. */
const does: JsonObject = {
  anyOf: [callable, has('handler_class'), queries, has('composition')],
  allOf: [{ anyOf: [{ not: has('sql') }, queries] }],
};

/** Each step says what runs, unless the defaults do for all. */
export function stepsDoSomething(steps: string): JsonObject {
  const byDefault: JsonObject = {
    required: ['defaults'],
    properties: { defaults: { type: 'object', anyOf: [callable, has('handler_class'), has('sql')] } },
  };
  return { anyOf: [byDefault, { properties: { [steps]: { items: { anyOf: [{ not: { type: 'object' } }, does] } } } }] };
}
