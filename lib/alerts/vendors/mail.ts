/**
 * E-mail and SNS. An SNS subject is ASCII without controls, and begins with a letter, digit or punctuation mark (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). The bodies are
 * plain text, so no markup of an alert works in them.
 */
import type { AlertText } from '../text/alert-text.ts';
import { clip } from '../text/clip.ts';
import { textLines } from '../text/text-lines.ts';
import { limits } from './limits.ts';

/** A line of a mail's head has at most 998 characters (RFC 5322); mail programs show far fewer. */
const mailSubject = 200;

export interface SnsMessage {
  readonly subject: string;
  readonly message: string;
}

/** Returns an alert for a topic with mailboxes: text that people read. */
export function topicMail(text: AlertText): SnsMessage {
  return { subject: asciiSubject(text.title), message: `${text.title}\n\n${textLines(text)}\n` };
}

/** Returns an alert for a topic with programs: JSON with every fact, in the form of the signed webhook. */
export function topicMessage(text: AlertText): SnsMessage {
  return { subject: asciiSubject(text.title), message: JSON.stringify(programForm(text)) };
}

/** The JSON form of an alert for programs. Its `version` changes when a field changes its meaning. */
export function programForm({ alert }: AlertText): object {
  return { version: 1, ...alert };
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
}

/** Returns an alert as a mail for SES. */
export function sesMail(access: Pick<Mail, 'from' | 'to'>, text: AlertText): Mail {
  return { ...access, subject: clip(text.title, mailSubject), body: `${textLines(text)}\n` };
}

function asciiSubject(title: string): string {
  const ascii = title.normalize('NFKD').replace(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= limits.sns.subject.most ? ascii : `${ascii.slice(0, limits.sns.subject.most - 3)}...`;
}
