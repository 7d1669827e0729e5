import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from '../../../lib/contract/json.ts';

/** The folder `spec` of a checkout of https://github.com/OpenLineage/OpenLineage, or null: its schemas are not part of this repository. */
export const specFolder =
  process.env.OPENLINEAGE_SPEC && existsSync(process.env.OPENLINEAGE_SPEC) ? process.env.OPENLINEAGE_SPEC : null;

/** The required parts of an event by the specification 2-0-2, as its object model says them: an event without them is refused by the reference API. */
const objectModel = {
  $id: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
  $defs: {
    RunEvent: {
      type: 'object',
      required: ['eventTime', 'producer', 'schemaURL', 'run', 'job'],
      properties: {
        eventTime: { type: 'string', format: 'date-time' },
        producer: { type: 'string', format: 'uri' },
        schemaURL: { type: 'string', format: 'uri' },
        eventType: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
        run: {
          type: 'object',
          required: ['runId'],
          properties: { runId: { type: 'string', format: 'uuid' }, facets: { $ref: '#/$defs/Facets' } },
        },
        job: { type: 'object', required: ['namespace', 'name'], properties: { facets: { $ref: '#/$defs/Facets' } } },
        inputs: { type: 'array', items: { $ref: '#/$defs/Dataset' } },
        outputs: { type: 'array', items: { $ref: '#/$defs/Dataset' } },
      },
    },
    Dataset: {
      type: 'object',
      required: ['namespace', 'name'],
      properties: {
        namespace: { type: 'string' },
        name: { type: 'string' },
        facets: { $ref: '#/$defs/Facets' },
        inputFacets: { $ref: '#/$defs/Facets' },
        outputFacets: { $ref: '#/$defs/Facets' },
      },
    },
    Facets: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['_producer', '_schemaURL'],
        properties: { _producer: { type: 'string', format: 'uri' }, _schemaURL: { type: 'string', format: 'uri' } },
      },
    },
  },
};

/** Says what is wrong with an event: by the published schemas of the event and of each of its facets if a checkout is at hand, otherwise by the object model. */
export class Specification {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(folder: string | null) {
    (addFormats as unknown as (ajv: unknown) => void)(this.#ajv);
    if (folder === null) {
      this.#ajv.addSchema(objectModel);
      return;
    }
    const files = [
      join(folder, 'OpenLineage.json'),
      ...readdirSync(join(folder, 'facets')).map((name) => join(folder, 'facets', name)),
    ];
    for (const file of files) if (file.endsWith('.json')) this.#ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')));
  }

  /** Empty for a valid event. `facets`: also those whose schema is not known are problems. */
  problems(event: JsonObject, facets: boolean): string[] {
    const found = this.#check(String(event.schemaURL), event);
    return facets
      ? [...found, ...facetsOf(event).flatMap((facet) => this.#check(String(facet._schemaURL), facet))]
      : found;
  }

  #check(url: string, document: JsonObject): string[] {
    const validate = this.#ajv.getSchema(url);
    if (!validate) return [`there is no schema ${url}`];
    return validate(document)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${url}: ${instancePath} ${message}`);
  }
}

/** All facets at any depth: the objects that name their schema. */
function facetsOf(value: unknown): JsonObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '_schemaURL' in value ? [value as JsonObject] : [];
  return [...own, ...Object.values(value).flatMap(facetsOf)];
}
