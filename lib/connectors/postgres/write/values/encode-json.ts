import { Misfit } from '../../../../data/encode/misfit.ts';
import { readExactJson } from '../../../../exact/read-json.ts';
import { ReadProblem } from '../../../../exact/read-problem.ts';
import { writeJson } from '../../../../exact/write-json.ts';
import { WriteProblem } from '../../../../exact/write-problem.ts';
import type { Encoder } from './encoder.ts';

/**
 * JSON: a string is JSON text and arrives as it is; every other value is written as JSON, to the last digit. Values that JSON has no form for (NaN) do not fit, and neither does a text in which a
 * key stands twice, of which jsonb would drop one.
 */
export const jsonEncoder: Encoder = {
  encode: (value) => {
    if (typeof value !== 'string') return written(value);
    try {
      readExactJson(value);
      return value;
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error;
      throw new Misfit(`it is not JSON (${error.message}); write a plain text as JSON.stringify(text)`, value);
    }
  },
};

/** Plain `json` keeps its text, keys that stand twice included. */
export const jsonTextEncoder: Encoder = {
  encode: (value) => {
    if (typeof value !== 'string') return written(value);
    try {
      JSON.parse(value);
      return value;
    } catch {
      throw new Misfit('it is not JSON; write a plain text as JSON.stringify(text)', value);
    }
  },
};

const written = (value: unknown): string => {
  try {
    return writeJson(value);
  } catch (error) {
    if (!(error instanceof WriteProblem)) throw error;
    throw new Misfit(error.reason, value, error.path);
  }
};
