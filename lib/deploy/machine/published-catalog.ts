import { type IEventBus, Match, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { eventSource } from '../../contract/events/event-id.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

export interface PublishedCatalogProps {
  readonly pipeline: string;
  readonly database: string;
  readonly catalog: RuntimeFunction;
  readonly eventBus: IEventBus;
}

/** A change whose event was lost is in the catalog at most so much later. */
const sweepMinutes = 15;

/**
 * A database of the Glue Data Catalog with the published data as tables, for Athena and all that reads through the catalog. Events call the function that keeps it; what it does depends on the pointer in the
 * store alone.
 */
export class PublishedCatalog extends Construct {
  constructor(scope: Construct, id: string, { pipeline, database, catalog, eventBus }: PublishedCatalogProps) {
    super(scope, id);
    new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: database, description: `Published data of the pipeline ${pipeline}` },
    });
    const changes = new Rule(this, 'Rule', {
      description: `Changes of the published data of ${pipeline}: its tables follow`,
      eventBus,
      eventPattern: {
        source: [eventSource],
        detailType: Match.prefix('data.'),
        detail: { pipeline: [pipeline] },
      },
    });
    changes.addTarget(new LambdaFunction(catalog.fn, { maxEventAge: Duration.hours(1) }));
    const sweep = new Rule(this, 'Sweep', {
      description: `Every ${sweepMinutes} minutes: changes of ${pipeline} whose event was lost`,
      schedule: Schedule.rate(Duration.minutes(sweepMinutes)),
    });
    sweep.addTarget(new LambdaFunction(catalog.fn, { maxEventAge: Duration.minutes(sweepMinutes) }));
    catalog.fn.configureAsyncInvoke({ maxEventAge: Duration.minutes(15), retryAttempts: 2 });
  }
}
