import {
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  type GlueClient,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import type { Catalog, CatalogTable } from '../../ports.ts';
import { awsFault, faultName } from '../aws-faults.ts';

/** One database of the Glue Data Catalog. */
export class GlueCatalog implements Catalog {
  readonly #client: GlueClient;
  readonly #database: string;

  constructor(client: GlueClient, database: string) {
    this.#client = client;
    this.#database = database;
  }

  async find(name: string): ReturnType<Catalog['find']> {
    try {
      const { Table } = await this.#client.send(new GetTableCommand({ DatabaseName: this.#database, Name: name }));
      if (!Table) return null;
      return { version: Table.VersionId ?? '0', parameters: Table.Parameters ?? {} };
    } catch (error) {
      if (faultName(error) === 'EntityNotFoundException') return null;
      throw awsFault(error, `cannot read the table ${this.#database}.${name}`);
    }
  }

  async put(table: CatalogTable, version: string | null): Promise<boolean> {
    const of = { DatabaseName: this.#database, TableInput: inputOf(table) };
    try {
      // The earlier versions of a table in Glue would be a second history, of addresses that lead nowhere.
      if (version === null) await this.#client.send(new CreateTableCommand(of));
      else await this.#client.send(new UpdateTableCommand({ ...of, VersionId: version, SkipArchive: true }));
      return true;
    } catch (error) {
      if (lostRaces.has(faultName(error) ?? '')) return false;
      throw awsFault(error, `cannot write the table ${this.#database}.${table.name}`);
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#client.send(new DeleteTableCommand({ DatabaseName: this.#database, Name: name }));
    } catch (error) {
      if (faultName(error) === 'EntityNotFoundException') return;
      throw awsFault(error, `cannot remove the table ${this.#database}.${name}`);
    }
  }
}

/** Another writer was faster: it made the table, changed it, or removed it. */
const lostRaces: ReadonlySet<string> = new Set([
  'AlreadyExistsException',
  'ConcurrentModificationException',
  'EntityNotFoundException',
  'VersionMismatchException',
]);

/** A table over Parquet files that a text object lists: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html uses the same two formats. */
function inputOf({ name, description, columns, location, parameters }: CatalogTable): TableInput {
  return {
    Name: name,
    Description: description,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...parameters },
    StorageDescriptor: {
      Columns: columns.map((column) => ({ Name: column.name, Type: column.type })),
      Location: location,
      InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  };
}
