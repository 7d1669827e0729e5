import type { VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Value } from '../../row.ts';
import {
  bytesOfValue,
  isNull,
  nullBits,
  type OpenVector,
  type RawVector,
  type VectorOpener,
  vectorBytes,
} from './open-vector.ts';
import { digitsOf, TextBatch } from './text-batch.ts';

const [dash, plus, colon, point, letterT, letterZ] = [0x2d, 0x2b, 0x3a, 0x2e, 0x54, 0x5a];

const dayMs = 86_400_000;

/** Opens DATE: "2026-01-31". Years without exactly four digits have the form of ISO 8601 and JavaScript: "-000043-03-15" and "+010000-01-01". */
export const openDates: VectorOpener = (access, raw) => {
  const { buffer, byteOffset } = vectorBytes(access, raw, 4);
  const days = new Int32Array(buffer, byteOffset, raw.count);
  return openTimes(access, raw, (texts, at) => {
    const day = days[at] as number;
    if (day === 0x7fff_ffff || day === -0x7fff_ffff) return day > 0 ? 'infinity' : '-infinity';
    addDay(texts, day);
    return null;
  });
};

/** Opens TIMESTAMP: "2026-01-31T12:00:00.000Z", with six digits after the second if it is finer than a millisecond. */
export const openTimestamps: VectorOpener = (access, raw) => {
  const { buffer, byteOffset } = vectorBytes(access, raw, 8);
  const words = new Int32Array(buffer, byteOffset, raw.count * 2);
  return openTimes(access, raw, (texts, at) => {
    const low = (words[2 * at] as number) >>> 0;
    const high = words[2 * at + 1] as number;
    if (high === 0x7fff_ffff && low === 0xffff_ffff) return 'infinity';
    if (high === -0x8000_0000 && low === 1) return '-infinity';
    addMoment(texts, high, low);
    return null;
  });
};

/** Adds the value at an index to the texts, or returns its text directly. */
type AddTime = (texts: TextBatch, at: number) => string | null;

const openTimes = (access: VectorAccess, raw: RawVector, add: AddTime): OpenVector => {
  const nulls = nullBits(access, raw);
  return {
    bytes: raw.count * bytesOfValue,
    read: (from, to) => {
      const values = new Array<Value>(to - from);
      const texts = new TextBatch(values);
      for (let at = from; at < to; at += 1) {
        const special = isNull(nulls, at) ? null : add(texts, at);
        values[at - from] = special;
        if (special === null && !isNull(nulls, at)) texts.end(at - from);
      }
      texts.flush();
      return values;
    },
  };
};

/**
 * Microseconds arrive in two halves, because numbers hold them exactly only until the year 2255. 2^32 microseconds are 4,294,967 milliseconds and 296
 * microseconds. 1,024 times the former are 50 days and 78,046,208 milliseconds. So nothing here comes near 2^53.
 */
const addMoment = (texts: TextBatch, high: number, low: number): void => {
  const small = high * 296 + low;
  const thousands = Math.floor(small / 1000);
  const turns = high >> 10;
  const millis = turns * 78_046_208 + (high & 1023) * 4_294_967 + thousands;
  const days = Math.floor(millis / dayMs);
  addDay(texts, turns * 50 + days);
  const ofDay = millis - days * dayMs;
  const seconds = (ofDay / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  texts.character(letterT);
  texts.digits(hours, 2);
  texts.character(colon);
  texts.digits(minutes - hours * 60, 2);
  texts.character(colon);
  texts.digits(seconds - minutes * 60, 2);
  texts.character(point);
  texts.digits(ofDay - seconds * 1000, 3);
  const micros = small - thousands * 1000;
  if (micros !== 0) texts.digits(micros, 3);
  texts.character(letterZ);
};

/**
 * Adds days since 1970-01-01, in the Gregorian calendar before 1582 too. Years begin in March here, so that February 29th is their last day (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms").
 */
const addDay = (texts: TextBatch, days: number): void => {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = ((ofEra - ((ofEra / 1460) | 0) + ((ofEra / 36_524) | 0) - ((ofEra / 146_096) | 0)) / 365) | 0;
  const ofYear = ofEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const march = ((5 * ofYear + 2) / 153) | 0;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year >= 0 && year <= 9999) texts.digits(year, 4);
  else {
    texts.character(year < 0 ? dash : plus);
    texts.digits(Math.abs(year), Math.max(6, digitsOf(Math.abs(year))));
  }
  texts.character(dash);
  texts.digits(month, 2);
  texts.character(dash);
  texts.digits(ofYear - (((153 * march + 2) / 5) | 0) + 1, 2);
};
