import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { graphOf } from '../../support/graphs.ts';
import { parse, parseGood } from './parse.ts';

const schema = `input_schema:
  type: object
  properties:
    region: { type: string }
    range: { type: object, properties: { start: { type: string } } }
    open: { type: object }
    either: { anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }
`;
const pipeline = (overlap: string, more = '') =>
  `name: p\n${more}overlap: ${overlap}\nsteps: [{ name: a, handler: a }]\n`;

describe('overlap', () => {
  test.each([
    ['queue', { policy: 'queue', key: null }],
    ['{ policy: allow }', { policy: 'allow', key: null }],
    ['{ key: region }', { policy: null, key: 'region' }],
    ['{ policy: skip, key: range.start }', { policy: 'skip', key: 'range.start' }],
  ])('%s', (text, overlap) => {
    expect(parseGood(pipeline(text, schema)).overlap).toEqual(overlap);
  });

  test('is skip unless the template says otherwise', () => {
    const template = parseGood('name: p\nsteps: [{ name: a, handler: a }]\n');
    expect(planPipeline(template, graphOf([[]])).overlap).toEqual({ policy: 'skip', key: null });
  });

  test.each([
    ['sometimes', 'BAD_VALUE', 'it has to be one of skip, queue, allow'],
    ['qeue', 'BAD_VALUE', 'did you mean "queue"?'],
    ['[skip]', 'BAD_TYPE', 'mapping'],
    ['{ polcy: skip }', 'UNKNOWN_KEY', 'did you mean "policy"?'],
    ['{ key: 7 }', 'BAD_VALUE', '"key" is "7"; it has to be the path of an input field'],
    ['{ key: region. }', 'BAD_VALUE', '"key" is "region."'],
    ['{ key: daybreak.run_id }', 'BAD_VALUE', '"daybreak" is not part of the input'],
    ['{ policy: allow, key: region }', 'BAD_VALUE', '"key" has no meaning with the policy "allow"'],
    ['{ key: regoin }', 'UNKNOWN_FIELD', '"input_schema" has no field "regoin"; did you mean "region"?'],
    ['{ key: range.stat }', 'UNKNOWN_FIELD', '"input_schema" has no field "range.stat"; did you mean "range.start"?'],
    ['{ key: region.name }', 'UNKNOWN_FIELD', '"input_schema" has no field "region.name"'],
    ['{ key: xyz }', 'UNKNOWN_FIELD', 'there is "region", "range", "open", "either"'],
  ])('%s is %s', (text, code, message) => {
    const { found } = parse(pipeline(text, schema));
    expect(found.map((one) => one.code)).toEqual([code]);
    expect(found[0]?.message).toContain(message);
  });

  test.each(['open.anything.deep', 'either.b'])('a field that the schema leaves open can be named: %s', (key) => {
    expect(parseGood(pipeline(`{ key: ${key} }`, schema)).overlap).toMatchObject({ key });
  });

  test('without an input schema any field can be named', () => {
    expect(parseGood(pipeline('{ key: region }')).overlap).toMatchObject({ key: 'region' });
  });
});
