import { expect, test } from 'vitest';
import { localFunctions } from '../../../lib/offline/functions/local-functions.ts';
import { pipelineOf } from '../../deploy/fixture.ts';
import { stepTemplate } from '../../support/templates.ts';

test('functions know offline what they know in Lambda: the store, and their steps how much room they have for files', () => {
  const { machine } = pipelineOf([
    stepTemplate('small', [], { memoryMb: 128 }),
    stepTemplate('usual', []),
    stepTemplate('large', [], { memoryMb: 10_240 }),
    stepTemplate('asked', [], { ephemeralStorageMb: 700 }),
  ]);
  const options = {
    root: '/project',
    fileOf: ({ entry }: { entry: string }) => `/code/${entry}`,
    runtime: null,
    storeUrl: 'file:///store',
    scratch: '/store/.store/scratch',
    setup: {},
    planFile: '/store/plan.json',
    commit: null,
    queueUrl: 'file:///queue',
  };
  const functions = localFunctions(machine, options);
  const room = (name: string) => functions.get(name)?.environment.DAYBREAK_SCRATCH_MB;
  expect(
    [
      'Steps128Mb900SFunction',
      'Steps1024Mb900SFunction',
      'Steps10240Mb900SFunction',
      'Steps1024Mb900S700ScratchFunction',
    ].map(room),
  ).toEqual(['512', '4096', '10240', '700']);
  expect([...functions.values()].map(({ environment }) => environment)).toEqual(
    Array(functions.size).fill(
      expect.objectContaining({
        DAYBREAK_STORE: 'file:///store',
        DAYBREAK_SCRATCH: '/store/.store/scratch',
        DAYBREAK_PLAN: '/store/plan.json',
      }),
    ),
  );
  const platform = [...functions].filter(([name]) => !name.endsWith('Function'));
  expect(platform.map(([, { environment }]) => environment.DAYBREAK_SCRATCH_MB)).toEqual(
    Array(platform.length).fill(undefined),
  );
  const sending = [...functions].filter(([, { environment }]) => environment.DAYBREAK_QUEUE_URL === options.queueUrl);
  expect(sending.map(([name]) => name)).toEqual(['RecordFailure', 'Finalize']);
});
