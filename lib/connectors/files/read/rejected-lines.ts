import { ValidationError } from '../../../contract/errors.ts';
import type { Columns, Step, StepWriter } from '../../../runtime/step.ts';
import { notText } from './text-blocks.ts';

/** The number of bad lines that are allowed, and the place that keeps them. */
export interface Quarantine {
  /** The dataset of bad lines; `<dataset>_rejected` by default. */
  readonly dataset?: string;
  /** More bad lines than this fail the step. */
  readonly maxErrors?: number;
  /** A greater part of all lines than this (0.01 is one in a hundred) fails the step at the end. */
  readonly maxRatio?: number;
}

/** Columns of a dataset of bad lines. */
const rejectedColumns: Columns = { file: 'VARCHAR', line: 'BIGINT', reason: 'VARCHAR', text: 'VARCHAR' };

/** A bad line. */
export interface RejectedLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** Characters kept of a line's text. A longer text is cut, with a note that says so. */
const longestText = 64 * 1024;

/** The first bad lines, which an error quotes; later ones are only counted. */
const told = 20;

/** Counts bad lines and keeps them in a separate dataset. Without a quarantine the first bad line fails the step. */
export class RejectedLines {
  readonly #dataset: string;
  readonly #quarantine: Quarantine | undefined;
  readonly #writer: StepWriter | null;
  readonly #first: string[] = [];
  count = 0;

  constructor(step: Pick<Step, 'writer'>, dataset: string, quarantine: Quarantine | undefined) {
    this.#dataset = dataset;
    this.#quarantine = quarantine;
    this.#writer = quarantine
      ? step.writer(quarantine.dataset ?? `${dataset}_rejected`, { columns: rejectedColumns })
      : null;
  }

  async add(lines: readonly RejectedLine[]): Promise<void> {
    for (const { file, line, reason } of lines) {
      this.count += 1;
      if (this.#first.length < told) this.#first.push(`${file}:${line}: ${reason}`);
      if (this.#writer === null) throw new ValidationError(`dataset "${this.#dataset}": ${file}:${line}: ${reason}`);
      if (this.count > (this.#quarantine?.maxErrors ?? Number.POSITIVE_INFINITY)) {
        throw this.#tooMany(`more than ${this.#quarantine?.maxErrors} lines cannot be read`);
      }
    }
    await this.#writer?.append(lines.map(({ text, ...rest }) => ({ ...rest, text: storable(text) })));
  }

  /** Checks the share of bad lines at the end; `rows` counts the good ones. */
  checkRatio(rows: number): void {
    const { maxRatio } = this.#quarantine ?? {};
    const ratio = this.count / Math.max(1, rows + this.count);
    if (maxRatio === undefined || ratio <= maxRatio) return;
    throw this.#tooMany(
      `${this.count} of ${rows + this.count} lines cannot be read, which is more than the ${maxRatio} that maxRatio allows`,
    );
  }

  #tooMany(what: string): ValidationError {
    return new ValidationError(`dataset "${this.#dataset}": ${what}; the first are:`, this.#first);
  }
}

const storable = (text: string): string => {
  const shown = text.length > longestText ? `${text.slice(0, longestText)}... (${text.length} characters)` : text;
  return shown.toWellFormed().replaceAll(notText, '\\x');
};
