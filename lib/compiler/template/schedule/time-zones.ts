import { didYouMean } from '../../../diagnostics/did-you-mean.ts';

/** Areas of the time zone database, and its zones with a fixed offset. */
const named =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z]\w+|^Etc\/(UTC|GMT([+-]\d{1,2})?)$/;

/** Names that programs and people use beside those of the database, and what to write instead. */
const instead: Readonly<Record<string, string>> = {
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PST8PDT: 'America/Los_Angeles',
  'US/Pacific': 'America/Los_Angeles',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  MST7MDT: 'America/Denver',
  'US/Mountain': 'America/Denver',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  'US/Central': 'America/Chicago',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  EST5EDT: 'America/New_York',
  'US/Eastern': 'America/New_York',
  HST: 'Pacific/Honolulu',
  'US/Hawaii': 'Pacific/Honolulu',
  'US/Alaska': 'America/Anchorage',
  'US/Arizona': 'America/Phoenix',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  MET: 'Europe/Berlin',
  WET: 'Europe/Lisbon',
  EET: 'Europe/Athens',
  GB: 'Europe/London',
  BST: 'Europe/London',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  Japan: 'Asia/Tokyo',
  PRC: 'Asia/Shanghai',
  Singapore: 'Asia/Singapore',
  Hongkong: 'Asia/Hong_Kong',
  GMT: 'UTC',
  UCT: 'UTC',
  Zulu: 'UTC',
  Z: 'UTC',
  Universal: 'UTC',
  Greenwich: 'UTC',
};

/** Returns the zone in the form of EventBridge Scheduler: an IANA name (Area/City) in its own spelling, or UTC. For any other text it returns advice, as the end of a sentence. */
export function timeZone(text: string): { readonly zone: string } | { readonly hint: string } {
  if (/^utc$/i.test(text)) return { zone: 'UTC' };
  const other = Object.keys(instead).find((name) => name.toLowerCase() === text.toLowerCase());
  if (other !== undefined) return { hint: `; write ${instead[other]}` };
  const known = resolved(text);
  // Any case means the same to JavaScript, but not to EventBridge. JavaScript may answer with an older name of the same zone.
  const spelled = known !== null && known.toLowerCase() === text.toLowerCase() ? known : text;
  if (known !== null && named.test(spelled)) return { zone: spelled };
  return { hint: didYouMean(text, Intl.supportedValuesOf('timeZone')) || '; write a name like Europe/Berlin, or UTC' };
}

function resolved(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
}
