import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from '../../bundle/layers/kept-layer.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { CodeFolder } from './compiled-template.ts';
import { type Inputs, ownDigest } from './fresh-inputs.ts';
import { keepAt, keptAt, synthCache } from './kept-reports.ts';

/** The options of `defineSubscriber`, as the subscriber's own module gives them. */
export interface Subscription {
  readonly on: readonly string[];
  readonly pipelines?: readonly string[];
  readonly duplicates?: 'suppress' | 'deliver';
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A subscriber that can be deployed. */
export interface CompiledSubscriber {
  readonly name: string;
  /** Its file, as diagnostics show it. */
  readonly file: string;
  readonly subscription: Subscription;
  readonly code: CodeFolder;
}

/** The subscribers of a project as the compiling process answers them. */
export interface SubscribersReport {
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that diagnostics quote. */
  readonly texts: ReadonlyMap<string, string>;
  /** Null if a diagnostic hinders them. */
  readonly compiled: CompiledSubscribers | null;
}

/** The subscribers of a project, and the layer that their functions need. */
export interface CompiledSubscribers {
  readonly subscribers: readonly CompiledSubscriber[];
  readonly runtime: Layer;
}

/** Returns what an earlier process made of the subscribers, if nothing that they depend on has changed since; otherwise null. */
export function keptSubscribers(root: string): SubscribersReport | null {
  const report = keptAt<SubscribersReport>(placeOf(root), root);
  const compiled = report?.compiled;
  if (!compiled) return null;
  const folders = [compiled.runtime.folder, ...compiled.subscribers.map(({ code }) => code.folder)];
  return folders.every((folder) => existsSync(folder)) ? report : null;
}

/** Keeps subscribers for later processes. */
export function keepSubscribers(root: string, report: SubscribersReport, inputs: Inputs): void {
  keepAt(placeOf(root), report, inputs);
}

const placeOf = (root: string): string => {
  const key = createHash('sha256').update(JSON.stringify([ownDigest(), process.cwd()]));
  return join(synthCache(root), `${key.digest('hex').slice(0, 24)}.subscribers`);
};
