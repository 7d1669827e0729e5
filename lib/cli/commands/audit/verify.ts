import type { JsonObject } from '../../../contract/json.ts';
import type { Pointer } from '../../../contract/published/pointer.ts';
import type { PublishedStep, PublishedVersion } from '../../../contract/published/published-version.ts';
import { readPointer } from '../../../runtime/publish/move-pointer.ts';
import { recountDataset } from '../../../runtime/publish/recount-dataset.ts';
import { type VerifiedVersion, verifyVersion } from '../../../runtime/publish/verify-version.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { count, counted, moment } from '../../render/format.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';

/** Verifies published versions from the bytes: records, manifests, fingerprints, checksums, rows and content of all data that they were made of. */
export async function verify({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { store } = place;
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const pointer = await readPointer(store, name);
  if (!pointer || pointer.greatest === 0) throw new UsageError(`${name} has published nothing in ${store.url}`);
  const versions = chosenVersions(pointer, wholeNumber(args[1] ?? null, 'version'));
  const verified = [];
  for (const version of versions) {
    const options = {
      pointer,
      version,
      recount: (entry: Parameters<typeof recountDataset>[1]) => recountDataset(store, entry),
    };
    verified.push({ version, ...(await verifyVersion(store, options)) });
  }
  const isSound = verified.every(({ faults }) => faults.length === 0);
  return {
    exitCode: isSound ? 0 : 1,
    json: {
      pipeline: name,
      store: store.url,
      sound: isSound,
      versions: verified.map(
        ({ record, faults, ...one }): JsonObject => ({
          ...one,
          faults: faults.map((fault) => ({ ...fault })),
          trail: record && trailJson(record),
        }),
      ),
    },
    text: verified.map((one) => describe(one, name, context)).join('\n\n'),
  };
}

/** The typed version, or the current one of each partition. */
function chosenVersions(pointer: Pointer, typed: number | null): number[] {
  if (typed !== null) {
    if (typed > pointer.greatest)
      throw new UsageError(`${pointer.pipeline} has no version ${typed}; the latest is ${pointer.greatest}`);
    return [typed];
  }
  const current = pointer.partitions.flatMap((row) => row.current ?? []);
  if (current.length > 0) return current;
  throw new UsageError(`${pointer.pipeline} has no current version: all were withdrawn; name one`);
}

/** The facts of the record that an auditor asks for. */
const trailJson = ({
  run_id,
  execution,
  written_at,
  partition,
  pipeline_version,
  commit = null,
  input,
  steps,
  upstream,
}: PublishedVersion): JsonObject => ({
  run_id,
  execution,
  written_at,
  partition,
  pipeline_version,
  commit,
  input,
  steps: [...steps, ...upstream].map(
    ({ checks, vouched, watermarks, ...step }): JsonObject => ({
      ...step,
      ...(watermarks && { watermarks: watermarks.map((mark) => ({ ...mark })) }),
      vouched: vouched ? { ...vouched } : null,
      checks: checks.map((check) => ({ ...check })),
    }),
  ),
});

function describe(
  { version, record, faults, objects, recounted }: VerifiedVersion & { readonly version: number },
  pipeline: string,
  context: Context,
): string {
  const { paint } = context;
  const verdict =
    faults.length === 0
      ? paint(`version ${version} is as it was published`, 'green')
      : paint(`version ${version} has ${counted(faults.length, 'fault')}`, 'red');
  const read = `  read      ${counted(objects, 'object')}; rows and content of ${counted(recounted, 'dataset')} computed again`;
  const found = faults.flatMap(({ key, fault, at }) => [
    `  ${paint(key, 'yellow')}`,
    `    ${paint(fault)}${at === null ? '' : `; the first wrong byte is ${count(at)}`}`,
  ]);
  return [
    `${paint(pipeline, 'bold')} ${verdict}`,
    read,
    ...(record ? trail(record, context) : []),
    ...(found.length > 0 ? ['', ...found] : []),
  ].join('\n');
}

function trail(record: PublishedVersion, { paint }: Context): string[] {
  const { run_id, execution, written_at, pipeline_version, commit = null, input, steps, upstream } = record;
  const all = [...upstream.toReversed(), ...steps];
  const widest = Math.max(...all.map(({ step }) => step.length));
  return [
    `  written   ${moment(written_at)} by execution ${execution} of run ${paint(run_id)}`,
    `  pipeline  version ${paint(pipeline_version)}, ${commit === null ? 'commit not known' : `commit ${commit.slice(0, 12)}${commit.endsWith('+') ? ' with changed files' : ''}`}`,
    `  input     ${paint(JSON.stringify(input))}`,
    ...all.map((step) => `  step      ${paint(step.step.padEnd(widest))}  ${verdictOf(step, paint)}`.trimEnd()),
  ];
}

function verdictOf({ checks, vouched }: PublishedStep, paint: Context['paint']): string {
  const broken = checks.filter(({ passed }) => !passed);
  const parts = [
    ...(checks.length > 0
      ? [
          `${counted(checks.length, 'check')}${broken.length > 0 ? `, ${broken.length} violated (${broken.map(({ check, on_violation }) => `${check}: ${on_violation}`).join(', ')})` : ''}`,
        ]
      : []),
    ...(vouched ? [`${vouched.by} vouched for it: ${vouched.reason}`] : []),
  ];
  return paint(parts.join('; '));
}
