import { expect, test } from 'vitest';
import { parseStackOption, pipelineOutputs } from '../../lib/operate/stacks/pipeline-outputs.ts';

const own = {
  PipelineName: 'orders',
  StateMachineArn: 'arn:machine',
  StoreBucketName: 'bucket',
  DeadLetterQueueUrl: 'https://queue',
};
const shared = {
  ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`Orders${key}`, value])),
  OrdersStorePrefix: 'data/daybreak/',
  StockLevelsPipelineName: 'stock_levels',
  StockLevelsStateMachineArn: 'arn:stock',
  StockLevelsStoreBucketName: 'bucket',
  StockLevelsDeadLetterQueueUrl: 'https://stock',
  LoadBalancerDns: 'x',
};
const find = (text: string, outputs: Readonly<Record<string, string>>) =>
  pipelineOutputs(parseStackOption(text), new Map(Object.entries(outputs)));

test('a stack of one pipeline needs no more than its name', () => {
  const places = { pipeline: 'orders', machineArn: 'arn:machine', storeUrl: 's3://bucket', queueUrl: 'https://queue' };
  expect(find('daybreak-orders', own)).toEqual(places);
  expect(find('daybreak-orders/orders', own)).toEqual(places);
  expect(find('arn:aws:cloudformation:eu-central-1:123456789012:stack/Platform/guid', own)).toEqual(places);
});

test('in a stack with several pipelines the name follows the stack, and the store may have a prefix', () => {
  expect(find('Platform/orders', shared)).toMatchObject({
    machineArn: 'arn:machine',
    storeUrl: 's3://bucket/data/daybreak',
  });
  expect(find('Platform/stock_levels', shared)).toMatchObject({ machineArn: 'arn:stock', storeUrl: 's3://bucket' });
});

test.each([
  ['Platform', shared, 'stack "Platform" has 2 pipelines; name one: Platform/orders, Platform/stock_levels'],
  ['Platform/order', shared, 'stack "Platform" has no pipeline "order"; it has orders, stock_levels'],
  [
    'Network',
    { VpcId: 'v' },
    'stack "Network" is not the stack of a pipeline: it has no output StateMachineArn, StoreBucketName, DeadLetterQueueUrl; its outputs are: VpcId',
  ],
  ['Empty', {}, 'it has no outputs'],
])('%s is refused with what there is', (text, outputs, message) => {
  expect(() => find(text, outputs)).toThrow(message);
});
