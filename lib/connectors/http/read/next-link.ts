import { ValidationError } from '../../../contract/errors.ts';

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;

/** One link: the address, then its parameters. A value may be quoted and hold commas. */
const link = new RegExp(String.raw`<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:${quoted}|[^",;\s]*))?)*)`, 'g');

const parameter = new RegExp(String.raw`;\s*([\w*-]+)(?:\s*=\s*(${quoted}|[^",;\s]*))?`, 'g');

/** Returns the address that a `Link` header (RFC 8288) names as `next`; null if it names none. A header that names one in another form is a ValidationError. */
export function nextLink(header: string): string | null {
  for (const [, address = '', parameters = ''] of header.matchAll(link)) {
    for (const [, name = '', value = ''] of parameters.matchAll(parameter))
      if (name.toLowerCase() === 'rel' && isNext(value)) return address.trim();
  }
  if (!/\brel\s*=\s*"?(?:[^",;]*\s)?next\b/i.test(withoutOtherTexts(header))) return null;
  throw new ValidationError(`the Link header names a next page, but cannot be read: ${header.slice(0, 200)}`);
}

function isNext(value: string): boolean {
  return value.replace(/^"|"$/g, '').toLowerCase().split(/\s+/).includes('next');
}

/** A title may hold any text. */
function withoutOtherTexts(header: string): string {
  return header.replaceAll(new RegExp(String.raw`(?<!rel\s*=\s*)${quoted}`, 'gi'), '""');
}
