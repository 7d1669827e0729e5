import {
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { GlueCatalog } from '../../../lib/ports/aws/catalog/glue-catalog.ts';

const mocked = () => {
  const client = new GlueClient({ region: 'eu-central-1' });
  return { catalog: new GlueCatalog(client, 'daybreak_sales'), mock: mockClient(client) };
};
const named = (name: string) => Object.assign(new Error('no'), { name });
const table = {
  name: 'report__orders',
  description: 'report.orders of pipeline sales',
  columns: [{ name: 'id', type: 'bigint' }],
  location: 's3://bucket/sales/published/tables/report__orders/1/',
  parameters: { 'daybreak:version': '1' },
};

test('a table is an external one over the Parquet files that a list names', async () => {
  const { catalog, mock } = mocked();
  mock.onAnyCommand().resolves({});
  expect(await catalog.put(table, null)).toBe(true);
  expect(mock.commandCalls(CreateTableCommand)[0]?.args[0].input).toEqual({
    DatabaseName: 'daybreak_sales',
    TableInput: {
      Name: 'report__orders',
      Description: table.description,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', 'daybreak:version': '1' },
      StorageDescriptor: {
        Columns: [{ Name: 'id', Type: 'bigint' }],
        Location: table.location,
        InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    },
  });
});

test('a change names the version that it replaces; a writer that was slower changes nothing', async () => {
  const { catalog, mock } = mocked();
  mock.on(GetTableCommand).resolves({ Table: { Name: table.name, VersionId: '7', Parameters: table.parameters } });
  expect(await catalog.find(table.name)).toEqual({ version: '7', parameters: table.parameters });
  mock.on(UpdateTableCommand).resolvesOnce({}).rejects(named('VersionMismatchException'));
  expect(await catalog.put(table, '7')).toBe(true);
  expect(mock.commandCalls(UpdateTableCommand)[0]?.args[0].input).toMatchObject({ VersionId: '7', SkipArchive: true });
  expect(await catalog.put(table, '7')).toBe(false);
  mock.on(UpdateTableCommand).rejects(named('ConcurrentModificationException'));
  expect(await catalog.put(table, '7')).toBe(false);
  mock.on(CreateTableCommand).rejects(named('AlreadyExistsException'));
  expect(await catalog.put(table, null)).toBe(false);
});

test('a table that does not exist is none, and is removed without an error; any other fault is a PlatformError', async () => {
  const { catalog, mock } = mocked();
  mock.onAnyCommand().rejects(named('EntityNotFoundException'));
  expect(await catalog.find('x')).toBeNull();
  await catalog.remove('x');
  expect(mock.commandCalls(DeleteTableCommand)).toHaveLength(1);
  mock.onAnyCommand().rejects(named('AccessDeniedException'));
  for (const call of [catalog.find('x'), catalog.put(table, null), catalog.put(table, '1'), catalog.remove('x')])
    await expect(call).rejects.toMatchObject({
      name: errorNames.platform,
      message: expect.stringContaining('daybreak_sales'),
    });
});
