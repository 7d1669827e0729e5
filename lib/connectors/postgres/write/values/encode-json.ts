import { Misfit } from '../../../../data/encode/misfit.ts';
import { readExactJson } from '../../../../exact/read-json.ts';
import { ReadProblem } from '../../../../exact/read-problem.ts';
import { writeJson } from '../../../../exact/write-json.ts';
import { WriteProblem } from '../../../../exact/write-problem.ts';
import type { Encoder } from './encoder.ts';

/**
 * JSON. A string is JSON text and arrives unchanged; every other value is written as JSON, to the last digit. Values without a JSON form (NaN) do not fit. A
 * text in which a key stands twice does not fit either, since jsonb would drop one of the two.
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

/** Plain `json` keeps its text, including keys that stand twice. */
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
