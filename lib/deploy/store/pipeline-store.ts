import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Severity } from '../../compiler/template/template.ts';
import { ConfigError, parseSettings } from '../../config/parse-settings.ts';
import { retentionDefaults, type StoreSettings, storeSettings } from '../../config/store-settings.ts';
import { AlarmTopics, severities } from '../alarms/alarm-topics.ts';
import { type AlertActions, alertAction, alertActions } from '../alarms/alert-actions.ts';
import { throttledAlarm } from '../alarms/throttled-alarm.ts';
import { overviewDashboard } from '../dashboards/overview-dashboard.ts';
import type { StorePlace } from '../function/store-access.ts';
import { physicalStackName } from '../physical-name.ts';
import { StoreBucket } from './store-bucket.ts';

/** Props of a `PipelineStore`. docs/constructs.md explains each one. */
export type PipelineStoreProps = StoreSettings;

/**
 * The place that pipelines share: a bucket for runs and results, an event bus, and topics for alarms. Make one per environment, in any stack, and give it to each
 * `Pipeline`. With `bucket` the store is in a bucket that exists; of that bucket nothing changes.
 */
export class PipelineStore extends Construct {
  readonly bucket: IBucket;
  /** Begins all keys; empty for none. */
  readonly prefix: string;
  /** The key of the bucket; undefined if S3 manages it. */
  readonly encryptionKey: IKey | undefined;
  readonly eventBus: IEventBus;
  /** The topics that the store made, by severity. A severity with targets under `alerts` has none. */
  readonly topics: ReadonlyMap<Severity, ITopic>;
  /** The actions of alarms, by severity. */
  readonly alertActions: AlertActions;
  /** The dimension `Store` of the metrics of its pipelines. */
  readonly metricsName: string;
  /** Days until the runs of its pipelines are removed; null if they stay. */
  readonly keepDays: number | null;
  readonly #own: StoreBucket | null;
  readonly #pipelines = new Map<string, Construct>();

  constructor(scope: Construct, id: string, props: PipelineStoreProps = {}) {
    super(scope, id);
    parseSettings(storeSettings, props, `PipelineStore "${this.node.path}"`);
    const key = props.encryptionKey;
    const given = typeof key === 'string' ? Key.fromKeyArn(this, 'EncryptionKey', key) : key;
    this.prefix = props.prefix ?? '';
    this.keepDays = props.retention?.runs ?? (props.bucket === undefined ? retentionDefaults.runs : null);
    this.#own = props.bucket === undefined ? this.#newBucket(props, given) : null;
    // This cast and the next are needed because the CDK does not support exactOptionalPropertyTypes.
    this.bucket = (this.#own?.bucket ?? this.#existing(props)) as IBucket;
    this.encryptionKey = given ?? this.bucket.encryptionKey;
    const needed = severities.filter((severity) => props.alerts?.[severity] === undefined);
    this.topics =
      needed.length === 0
        ? new Map()
        : new AlarmTopics(this, 'Alarms', {
            severities: needed,
            // The key of an existing bucket is there for the bucket.
            encryptionKey: this.#own ? (given ?? null) : null,
          }).topics;
    const own = (severity: Severity) => {
      const topic = this.topics.get(severity);
      return topic ? [alertAction(topic)] : [];
    };
    this.alertActions = alertActions(props.alerts, {
      critical: own('critical'),
      high: own('high'),
      medium: own('medium'),
      low: own('low'),
    });
    throttledAlarm(this, this.alertActions.high);
    const stack = physicalStackName(this, Stack.of(this));
    this.metricsName = this.node.id === 'Default' ? stack : `${stack}-${this.node.id}`;
    if (props.dashboard !== false)
      overviewDashboard(this, 'Overview', { name: dashboardName(this.metricsName), store: this.metricsName });
    this.eventBus = new EventBus(this, 'Events', {
      description: 'Events of Daybreak pipelines',
    }) as IEventBus;
    for (const [tag, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(tag, value);
  }

  /** The store as functions and roles see it. */
  get place(): StorePlace {
    const { bucketName: name, bucketArn: arn } = this.bucket;
    return { name, arn, prefix: this.prefix, keyArn: this.encryptionKey?.keyArn ?? null };
  }

  /** Lets the marks of subscribers expire in a new bucket. */
  expireMarks(): void {
    this.#own?.expireMarks();
  }

  /** Enters a pipeline: two of one name would write the same keys. */
  register(pipeline: string, construct: Construct): void {
    const other = this.#pipelines.get(pipeline);
    if (other && other !== construct) {
      throw new ConfigError(
        `"${construct.node.path}" and "${other.node.path}" are both the pipeline "${pipeline}", in the store "${this.node.path}"; give one of them another store, or a store with another \`prefix\``,
      );
    }
    this.#pipelines.set(pipeline, construct);
  }

  #newBucket({ retention, removalPolicy }: PipelineStoreProps, key: IKey | undefined): StoreBucket {
    return new StoreBucket(this, 'Store', {
      prefix: this.prefix,
      encryptionKey: key ?? null,
      retention: {
        runs: retention?.runs ?? retentionDefaults.runs,
        oldVersions: retention?.oldVersions ?? retentionDefaults.oldVersions,
        accessLogs: retention?.accessLogs ?? retentionDefaults.accessLogs,
      },
      removalPolicy: removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  #existing({ bucket, retention, removalPolicy }: PipelineStoreProps): IBucket {
    const { oldVersions, accessLogs } = retention ?? {};
    const ofBucket = { 'retention.oldVersions': oldVersions, 'retention.accessLogs': accessLogs, removalPolicy };
    for (const [name, value] of Object.entries(ofBucket)) {
      if (value === undefined) continue;
      throw new ConfigError(
        `PipelineStore "${this.node.path}": "${name}" is for a new bucket; Daybreak changes nothing of an existing one. Remove "${name}", and set it where the bucket is made`,
      );
    }
    if (typeof bucket !== 'string') return bucket as IBucket;
    return bucket.startsWith('arn:')
      ? Bucket.fromBucketArn(this, 'Bucket', bucket)
      : Bucket.fromBucketName(this, 'Bucket', bucket);
  }
}

/** CloudWatch takes letters, digits, hyphens and underscores. */
const dashboardName = (store: string): string => `${store.replace(/[^\w-]/g, '-')}-overview`.slice(-255);
