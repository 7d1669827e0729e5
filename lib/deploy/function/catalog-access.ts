import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { ConfigError } from '../../config/parse-settings.ts';
import { PermanentError } from '../../contract/errors.ts';
import { databaseName, tableNames } from '../../contract/published/table-names.ts';
import type { Grant } from './grant.ts';

/** The database of a pipeline in the data catalog, and the tables that it may have. */
export interface PublishedCatalogPlace {
  readonly database: string;
  readonly tables: readonly string[];
}

/** Returns where a pipeline's published data stand in the data catalog; null if it publishes nothing. `name` is that of its machine. */
export function catalogPlace({ name: pipeline, publish }: PipelinePlan, name: string): PublishedCatalogPlace | null {
  if (!publish) return null;
  const datasets = Object.entries(publish.datasets).flatMap(([step, names]) =>
    names.map((dataset) => ({ step, dataset })),
  );
  try {
    return { database: databaseName(name), tables: [...tableNames(datasets).keys()] };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new ConfigError(`pipeline "${pipeline}": ${error.message}, or set "catalog" to false`);
  }
}

/** Returns the grant of the function that keeps the tables of one database. Glue checks a table together with its database and the catalog. */
export function catalogGrant(scope: Construct, database: string): Grant {
  const arn = (resource: string, resourceName?: string): string =>
    Stack.of(scope).formatArn({
      service: 'glue',
      resource,
      ...(resourceName === undefined
        ? { arnFormat: ArnFormat.NO_RESOURCE_NAME }
        : { resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
    });
  return {
    actions: ['glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable', 'glue:DeleteTable'],
    resources: [arn('catalog'), arn('database', database), arn('table', `${database}/*`)],
    because: 'the tables of this one database, which it makes and removes',
  };
}
