import { PermanentError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import { markReadKey } from '../../contract/object-keys.ts';
import type { MarkRead } from '../../contract/published/watermark.ts';
import type { StepMark } from '../../contract/records/manifest.ts';
import type { Work } from '../invocation.ts';
import { readPointer } from '../publish/move-pointer.ts';
import { publishedMark } from '../publish/published-marks.ts';
import { createOrRead, isoTime, readJson } from '../records/json-objects.ts';
import type { Watermark } from '../step.ts';

/** The pointer holds the values of all kept versions, and every reader reads it. In bytes of JSON. */
const largestValue = 1024;
const mostNames = 10;
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Converts what a handler gives, or throws a ValidationError that calls it `what`. */
type ToJson = (value: unknown, what: string) => Json;

/** `step.watermark`: what the run reads, and what the step sets. Sends no request before the handler asks. */
export class StepWatermarks {
  readonly #work: Work;
  readonly #toJson: ToJson;
  readonly #opened = new Map<string, Promise<Watermark>>();
  readonly #marks = new Map<string, StepMark>();

  constructor(work: Work, toJson: ToJson) {
    this.#work = work;
    this.#toJson = toJson;
  }

  /** The marks that the handler has asked for, by name. */
  get marks(): readonly StepMark[] {
    return [...this.#marks.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  open(name: string): Promise<Watermark> {
    const opened = this.#opened.get(name);
    if (opened !== undefined) return opened;
    const opening = this.#open(name);
    this.#opened.set(name, opening);
    // A failed read may be tried again by the same handler.
    opening.catch(() => this.#opened.delete(name));
    return opening;
  }

  async #open(name: string): Promise<Watermark> {
    const { step } = this.#work.payload;
    if (!step.marks) throw notPossible(this.#work);
    if (typeof name !== 'string' || !nameForm.test(name))
      throw new PermanentError(
        `step.watermark: ${JSON.stringify(name)?.slice(0, 140)} is no name: letters, digits, "_", "." and "-", at most 128, the first a letter or a digit`,
      );
    if (this.#opened.size >= mostNames) throw new PermanentError(`a step has at most ${mostNames} watermarks`);
    const read = await this.#read(name);
    this.#marks.set(name, { name, read });
    return { value: structuredClone(read), set: (next) => this.#set({ name, read }, next) };
  }

  /** The value that the run's first reader found. */
  async #read(name: string): Promise<Json> {
    const {
      payload: { run, step },
      invocation: {
        ports: { store, clock },
      },
    } = this.#work;
    const key = markReadKey(run, step.name, name);
    const known = await readJson<MarkRead>(store, key);
    if (known) return known.value;
    const value = publishedMark(await readPointer(store, run.pipeline), step.name, name);
    const mark: MarkRead = { name, value, read_at: isoTime(clock.now()), execution: run.execution };
    return (await createOrRead(store, key, mark)).document.value;
  }

  #set(mark: StepMark, given: unknown): void {
    if (given === undefined)
      throw new PermanentError(`the watermark "${mark.name}" was set to undefined; null begins again`);
    const next = this.#toJson(given, `the watermark "${mark.name}"`);
    const bytes = Buffer.byteLength(JSON.stringify(next));
    if (bytes > largestValue)
      throw new PermanentError(
        `the watermark "${mark.name}" is ${bytes} bytes of JSON; at most ${largestValue} are allowed: it says how far a step came, and rows belong in a dataset`,
      );
    this.#marks.set(mark.name, { ...mark, next });
  }
}

const notPossible = ({ payload: { run, step } }: Work): PermanentError =>
  new PermanentError(
    run.partition
      ? `step.watermark: pipeline ${run.pipeline} has "partition", so its runs have bounds instead: step.partition`
      : `step.watermark: no published dataset of pipeline ${run.pipeline} is made of what step ${step.name} makes, so no publish could move its watermark; name such a dataset under "publish"`,
  );
