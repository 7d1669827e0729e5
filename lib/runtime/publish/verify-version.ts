/** Verifies a published version from the bytes: its record, the manifests that it names, and all data of these. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { contractVersion, definitionDigest, fingerprintOf } from '../../contract/fingerprint.ts';
import { manifestKey, versionKey } from '../../contract/object-keys.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { Pointer } from '../../contract/published/pointer.ts';
import type { PublishedStep, PublishedVersion } from '../../contract/published/published-version.ts';
import type { DatasetEntry, FileEntry } from '../../contract/records/dataset.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import { decodeText } from '../../exact/decode-text.ts';
import { readJson } from '../../exact/read-json.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { contentDigest, isWhole } from '../manifests/manifest.ts';
import { eachOf } from '../records/each-of.ts';
import { toText, tryParse } from '../records/json-objects.ts';
import { hasItsSeal } from '../records/seal.ts';
import { contentOf } from './published-record.ts';

/** Something that is not as it was published. */
interface VersionFault {
  readonly key: string;
  readonly fault: string;
  /** The first byte of the object that is wrong, from 0, where the bytes tell it. A checksum alone tells of the object as a whole. */
  readonly at: number | null;
}

export interface VerifiedVersion {
  /** Null if the record cannot be read. */
  readonly record: PublishedVersion | null;
  readonly faults: readonly VersionFault[];
  /** The objects that were read, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  /** Datasets whose rows were counted and digested again. */
  readonly recounted: number;
}

export interface VerifyOptions {
  readonly pointer: Pointer;
  readonly version: number;
  /** Counts the rows of a dataset and takes the digest of its content, from its parts. */
  readonly recount: (entry: DatasetEntry) => Promise<{ readonly rows: number; readonly content_digest: string }>;
}

/** Reads every object that the version refers to, and reports each that has changed. */
export function verifyVersion(store: ObjectStore, options: VerifyOptions): Promise<VerifiedVersion> {
  return new Verification(store, options).run();
}

/** Objects that are read at the same time. */
const width = 4;

class Verification {
  readonly #store: ObjectStore;
  readonly #options: VerifyOptions;
  readonly #faults: VersionFault[] = [];
  #objects = 0;
  #bytes = 0;
  #recounted = 0;

  constructor(store: ObjectStore, options: VerifyOptions) {
    this.#store = store;
    this.#options = options;
  }

  async run(): Promise<VerifiedVersion> {
    const record = await this.#record();
    if (record) {
      const steps = [...record.steps, ...record.upstream];
      const manifests = await eachOf(steps, width, (step) => this.#manifest(step, record));
      this.#chain(record, manifests);
      const sound = manifests.flatMap((manifest) => manifest ?? []);
      await eachOf(sound, 1, (manifest) => this.#data(manifest));
    }
    const faults = this.#faults.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return { record, faults, objects: this.#objects, bytes: this.#bytes, recounted: this.#recounted };
  }

  #say(key: string, fault: string, at: number | null = null): void {
    this.#faults.push({ key, fault, at });
  }

  async #body(key: string): Promise<Uint8Array | null> {
    const found = await this.#store.get(key);
    if (!found) this.#say(key, 'it is missing');
    else {
      this.#objects += 1;
      this.#bytes += found.body.length;
    }
    return found?.body ?? null;
  }

  /** The JSON of a body; null if it is not the text that Daybreak wrote. */
  #document(key: string, body: Uint8Array): unknown {
    let document: unknown;
    try {
      document = readJson(decodeText(body));
    } catch (error) {
      this.#say(key, `it is no whole JSON: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
    const written = new TextEncoder().encode(toText(document as object));
    const at = firstDifference(body, written);
    if (at !== null) this.#say(key, 'it is not the text that Daybreak writes', at);
    return document;
  }

  async #record(): Promise<PublishedVersion | null> {
    const { pointer, version } = this.#options;
    const key = versionKey(pointer.pipeline, version);
    const body = await this.#body(key);
    if (body === null) return null;
    const document = this.#document(key, body);
    if (document === null) return null;
    const parsed = tryParse(key, body);
    if ('fault' in parsed) {
      this.#say(key, parsed.fault);
      return null;
    }
    const record = document as PublishedVersion;
    if (!hasItsSeal(record)) {
      this.#say(key, 'its seal is not that of its content');
      return null;
    }
    const { steps, upstream = null, datasets } = record;
    if (record.format !== 1 || record.version !== version || record.pipeline !== pointer.pipeline)
      this.#say(key, 'it is the record of another version');
    if (upstream === null) this.#say(key, 'it was made before records had their upstream manifests');
    if (contentOf(datasets) !== record.content) this.#say(key, 'its content digest is not that of its datasets');
    const kept = [...pointer.partitions.flatMap(({ versions }) => versions), ...pointer.retired].find(
      (one) => one.version === version,
    );
    if (kept && (kept.content !== record.content || kept.run_id !== record.run_id))
      this.#say(key, 'the pointer names other content, or another run, for this version');
    return { ...record, steps, upstream: upstream ?? [] };
  }

  async #manifest(step: PublishedStep, record: PublishedVersion): Promise<Manifest | null> {
    const { manifest: key } = step;
    const body = await this.#body(key);
    if (body === null) return null;
    const manifest = this.#document(key, body) as Manifest | null;
    if (manifest === null) return null;
    if (manifest.format !== 1 || !isWhole(manifest)) {
      this.#say(key, 'its seal is not that of its content');
      return null;
    }
    const run = { pipeline: record.pipeline, run_id: manifest.run_id };
    const wrong = [
      ['seal', manifest.seal === step.manifest_seal],
      [
        'fingerprint',
        manifest.fingerprint === step.fingerprint && key === manifestKey(run, step.step, step.fingerprint),
      ],
      ['digest', manifest.digest === step.digest && manifest.digest === contentDigest(manifest)],
      ['code', manifest.made_of.code === step.code],
      ['watermarks', isDeepStrictEqual(manifest.watermarks, step.watermarks)],
    ].flatMap(([what, isRight]) => (isRight ? [] : [String(what)]));
    if (wrong.length > 0) this.#say(key, `its ${wrong.join(', ')} is not the one that was published`);
    if (!hasItsFingerprint(manifest, record))
      this.#say(key, 'its fingerprint is not that of its code, input and upstream');
    return manifest;
  }

  /** Each manifest was made of the ones before it, and the published datasets are those of the manifests. */
  #chain(record: PublishedVersion, manifests: readonly (Manifest | null)[]): void {
    const steps = [...record.steps, ...record.upstream];
    const digests = new Map(steps.map(({ step, digest }) => [step, digest]));
    for (const manifest of manifests)
      for (const [name, digest] of Object.entries(manifest?.made_of.upstream ?? {})) {
        const key = steps.find(({ step }) => step === manifest?.step)?.manifest ?? '';
        // Earlier partitions have their own versions, which are verified by themselves.
        if (name !== earlierStep && digest !== null && digests.get(name) !== digest)
          this.#say(key, `it was made of another result of "${name}" than the version names`);
      }
    for (const { step, dataset, ...entry } of record.datasets) {
      const manifest = manifests.find((one) => one?.step === step);
      const own = manifest && new Map(Object.entries(manifest.datasets)).get(dataset);
      if (manifest && !isDeepStrictEqual(own, entry))
        this.#say(
          versionKey(record.pipeline, record.version),
          `dataset "${step}"."${dataset}" is not that of its manifest`,
        );
    }
  }

  async #data({ datasets, files }: Manifest): Promise<void> {
    for (const [name, entry] of Object.entries(datasets)) {
      const whole = await eachOf(entry.parts, width, (part) => this.#object(part));
      if (whole.includes(false)) continue;
      const { rows, content_digest } = await this.#options.recount(entry);
      this.#recounted += 1;
      const [first] = entry.parts;
      const key = first?.key ?? name;
      if (rows !== entry.rows)
        this.#say(key, `dataset "${name}" has ${rows} rows, and its manifest counts ${entry.rows}`);
      else if (content_digest !== entry.content_digest)
        this.#say(
          key,
          `the content of dataset "${name}" has the digest ${content_digest}, not ${entry.content_digest}`,
        );
    }
    await eachOf(Object.values(files), width, (file) => this.#object(file));
  }

  /** True if an object has the bytes that were written. */
  async #object({ key, bytes, sha256 }: Pick<FileEntry, 'key' | 'bytes' | 'sha256'>): Promise<boolean> {
    const body = await this.#store.read(key);
    if (body === null) {
      this.#say(key, 'it is missing');
      return false;
    }
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.length;
    }
    this.#objects += 1;
    this.#bytes += size;
    const found = hash.digest('hex');
    if (size !== bytes) this.#say(key, `it has ${size} bytes, not ${bytes}`, Math.min(size, bytes));
    else if (found !== sha256) this.#say(key, `its SHA-256 is ${found}, not ${sha256}`);
    return found === sha256;
  }
}

/** Code, configuration, input and upstream give the fingerprint. An older form of fingerprints is not computed again. */
function hasItsFingerprint({ made_of, fingerprint }: Manifest, { input }: PublishedVersion): boolean {
  const { contract, code, config, upstream, salt } = made_of;
  return (
    contract !== contractVersion || fingerprintOf(definitionDigest(code, config), input, upstream, salt) === fingerprint
  );
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? null : end;
}
