import { GlueClient } from '@aws-sdk/client-glue';
import type { Catalog } from '../../ports.ts';
import { awsClientSettings, type Environment } from '../aws-client-settings.ts';
import { GlueCatalog } from './glue-catalog.ts';

/** Opens a database of the data catalog. */
export function openGlueCatalog(database: string, env: Environment): Catalog {
  return new GlueCatalog(new GlueClient(awsClientSettings(env, 'GLUE')), database);
}
