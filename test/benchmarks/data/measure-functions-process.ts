/**
 * Loaded first into each process of a benchmarked run (`--import`). In function processes it writes one line per invocation of a step: the process's costs
 * since its start, and its requests to the store.
 */
import { appendFileSync, statSync } from 'node:fs';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { groupPrefix, MemoryCgroup } from './memory-cgroup.ts';
import { type Costs, ownCosts } from './own-costs.ts';

/** One line of the file that `BENCH_FACTS` names. */
export interface InvocationFacts extends Costs {
  readonly step: string;
  /** From the event to the answer; the process already existed. */
  readonly invocationMs: number;
  /** Number of calls of each store operation. */
  readonly requests: Readonly<Record<string, number>>;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Of the control group; null without one. */
  readonly groupPeakMb: number | null;
  readonly succeeded: boolean;
}

interface StepEvent {
  readonly state?: { readonly Name: string };
  readonly token?: string;
  readonly failure?: object;
}

if (process.argv[1]?.endsWith('/function-host.ts')) measureInvocations(process.env.BENCH_FACTS ?? '');

function measureInvocations(file: string): void {
  const limitMb = Number(process.env.BENCH_LIMIT_MB ?? 0);
  const group = limitMb > 0 ? MemoryCgroup.create(`${groupPrefix(process.ppid)}${process.pid}`, limitMb) : null;
  group?.add(process.pid);
  const counted = countRequests();
  let step: string | null = null;
  let began = 0;
  process.on('message', (message: { readonly type: string; readonly event?: StepEvent }) => {
    if (message.type !== 'invoke') return;
    // The functions that wait and that record a failure act for a step, too.
    const { state, token, failure } = message.event ?? {};
    step = token === undefined && failure === undefined ? (state?.Name ?? null) : null;
    // A process runs several steps, one after the other.
    Object.assign(counted, { requests: {}, bytesRead: 0, bytesWritten: 0 });
    began = performance.now();
  });
  const send = process.send?.bind(process) as (message: object) => boolean;
  process.send = (message: { readonly type: string }): boolean => {
    if (step !== null && (message.type === 'result' || message.type === 'error')) {
      const facts: InvocationFacts = {
        step,
        ...ownCosts(),
        invocationMs: performance.now() - began,
        ...counted,
        groupPeakMb: group?.memory().peakMb ?? null,
        succeeded: message.type === 'result',
      };
      appendFileSync(file, `${JSON.stringify(facts)}\n`);
    }
    return send(message);
  };
}

function countRequests() {
  const counted = { requests: {} as Record<string, number>, bytesRead: 0, bytesWritten: 0 };
  const store = FolderObjectStore.prototype;
  const count = (operation: string): void => {
    counted.requests[operation] = (counted.requests[operation] ?? 0) + 1;
  };
  const { get, put, upload, download, read, list, write } = store;
  store.get = async function (key) {
    count('get');
    const found = await get.call(this, key);
    counted.bytesRead += found?.body.length ?? 0;
    return found;
  };
  store.put = function (key, body, options) {
    count('put');
    counted.bytesWritten += Buffer.byteLength(body);
    return put.call(this, key, body, options);
  };
  store.upload = function (key, file, options) {
    count('upload');
    counted.bytesWritten += statSync(file).size;
    return upload.call(this, key, file, options);
  };
  store.download = async function (key, file, options) {
    count('download');
    const found = await download.call(this, key, file, options);
    if (found) counted.bytesRead += statSync(file).size;
    return found;
  };
  store.read = function (key) {
    count('read');
    return read.call(this, key);
  };
  store.write = function (key, body) {
    count('write');
    return write.call(this, key, body);
  };
  store.list = function (prefix) {
    count('list');
    return list.call(this, prefix);
  };
  return counted;
}
