import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf } from '../../lib/compiler/checks/check-functions.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, pipelineOf } from './fixture.ts';
import { resources, statementsOf } from './read-template.ts';

const withPublish = (datasets: Record<string, string[]>) => {
  const compiled = pipelineOf([stepTemplate('load', [])], { name: 'orders' });
  // The compiler's own tests hold the key.
  return { ...compiled, plan: { ...compiled.plan, publish: { datasets, keep: 7 } } };
};
const stackOf = (compiled: ReturnType<typeof withPublish>) =>
  Template.fromJSON(appOf([compiled]).synth().getStackByName('daybreak-orders').template);
const compiled = withPublish({ load: ['orders', 'items'] });
const stack = stackOf(compiled);

test('a pipeline that publishes has a database, and a function that hears of changes and looks every quarter of an hour', () => {
  stack.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'daybreak_orders' } });
  const target = Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Catalog'), 'Arn'] } });
  stack.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['daybreak'], 'detail-type': [{ prefix: 'data.' }], detail: { pipeline: ['orders'] } },
    Targets: [target],
  });
  stack.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)', Targets: [target] });
  stack.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'Catalog.handler',
    Environment: {
      Variables: Match.objectLike({
        DAYBREAK_CATALOG: 'daybreak_orders',
        DAYBREAK_TABLES: '["load__orders","load__items"]',
      }),
    },
  });
});

test('it may read the pointer and the records of versions, write lists of files, and change the tables of its database', () => {
  const own = statementsOf(stack, (id) => id.startsWith('FunctionsCatalog'));
  const of = (action: string): string =>
    JSON.stringify(own.filter(({ Action }) => [Action].flat().includes(action)).map((one) => one.Resource));
  expect(
    of('s3:GetObject')
      .match(/\/orders\/[^"]*/g)
      ?.sort(),
  ).toEqual(['/orders/published/current.json', '/orders/published/versions/*.json']);
  expect(of('s3:PutObject').match(/\/orders\/[^"]*/g)).toEqual(['/orders/published/tables/*.txt']);
  expect(of('glue:UpdateTable').match(/:(catalog|database\/\w+|table\/\w+\/\*)"/g)).toEqual([
    ':catalog"',
    ':database/daybreak_orders"',
    ':table/daybreak_orders/*"',
  ]);
  const actions = own.flatMap(({ Action }) => Action).filter((action) => action.startsWith('glue:'));
  expect(actions.sort()).toEqual(['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTable', 'glue:UpdateTable']);
});

test('check counts its resources', () => {
  expect(Object.keys(stack.toJSON().Resources).length).toBe(resourcesOf(compiled.plan, compiled.machine));
});

test('a pipeline that publishes nothing has no database; two datasets of one table name are refused', () => {
  const plain = pipelineOf([stepTemplate('load', [])], { name: 'plain' });
  const template = Template.fromJSON(appOf([plain]).synth().getStackByName('daybreak-plain').template);
  expect(resources(template, 'AWS::Glue::Database')).toEqual([]);
  expect(resources(template, 'AWS::Lambda::Function').some(([id]) => id.includes('Catalog'))).toBe(false);
  expect(() => stackOf(withPublish({ a: ['b__c'], a__b: ['c'] }))).toThrow(
    'would both be a__b__c in the data catalog; rename a step or a dataset, or set "catalog" to false',
  );
});
