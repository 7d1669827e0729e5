/** `daybreak/cdk`: constructs for pipelines, in any app of the AWS CDK. */
export type { AlertTarget, PipelineSettings } from '../config/pipeline-settings.ts';
export type { StoreSettings } from '../config/store-settings.ts';
export { DaybreakApp, type DaybreakAppProps } from './app/daybreak-app.ts';
export { Pipeline, type PipelineProps } from './pipeline.ts';
export { PipelineStore, type PipelineStoreProps } from './store/pipeline-store.ts';
