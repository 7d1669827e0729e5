import type { Alert } from '../../../lib/alerts/alert.ts';

/** An alert as a run makes it. */
export const ordinary: Alert = {
  id: 'incident/orders-7/3',
  incident: 'orders-7',
  kind: 'opened',
  audience: 'team',
  severity: 'critical',
  sample: false,
  pipeline: 'orders',
  title: 'extract_orders failed with RetryableError',
  run_id: 'orders-2026-11-30',
  step: 'extract_orders',
  error: 'RetryableError',
  cause: 'the CRM answers 503',
  failures: 1,
  since: '2026-11-30T01:20:00.000Z',
  at: '2026-11-30T01:20:00.000Z',
  attempts: 3,
  blocks: ['transform_orders', 'update_dashboard'],
  arrives: ['extract_products'],
  late: null,
  taken_by: null,
  resume: 'npx daybreak resume orders orders-2026-11-30',
  links: [{ label: 'Execution', url: 'https://console.aws.amazon.com/states/home?region=eu-central-1#/x' }],
};

const family = '👨‍👩‍👧‍👦';

/** Error messages that break careless notifiers, by what is special about them. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'ten kilobytes': 'the server says no. '.repeat(512),
  'ten kilobytes without a space': 'x'.repeat(10_240),
  'mentions of Slack': '<!channel> <!here> <!everyone> <@U012AB3CD> <!subteam^S123> @here @channel @everyone',
  'links and markup': '<https://evil.example|click> [click](https://evil.example) *b* _i_ ~s~ `c` ```\ncode\n```',
  'HTML and a mention of Teams': '<script>alert(1)</script><at>Everyone</at><img src=x onerror=alert(1)> &lt;b&gt;',
  'all kinds of line breaks': 'one\r\ntwo\rthree\u2028four\u2029five\u0085six\u000bseven\u000ceight',
  'directions of writing': '\u202egnp.exe\u202c \u2066isolated\u2069 \u200fright\u200e \u061cletter',
  'half characters': `\ud83d alone, \ude00 alone, and ${'😀'.repeat(2_000)}`,
  'clusters of characters': family.repeat(900),
  'long accents': `e${'\u0301'.repeat(4_000)}${'é'.repeat(4_000)}`,
  'controls and colours': '\u001b[31mred\u001b[0m \u0000 \u0007 \u007f \ufeff',
  'quotes and backslashes': '"\\'.repeat(4_000),
};

/** An alert in which every text that people or systems choose is hostile. */
export function hostile(text: string, kind: Alert['kind'] = 'opened'): Alert {
  return {
    ...ordinary,
    kind,
    title: text,
    error: text,
    cause: text,
    blocks: [text, text],
    arrives: Array.from({ length: 40 }, () => text),
    taken_by: text,
    late: { ready_by: ordinary.at, missed: true, late_seconds: 1500, held_up_by: text },
    links: [
      { label: text, url: 'https://console.aws.amazon.com/x' },
      { label: 'script', url: 'javascript:alert(1)' },
    ],
  };
}
