import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { fileReason } from '../../common/fileReason.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { keptTextPath } from '../../runs/disk/keptText.ts';
import { readTextSource, type TextSource } from '../session/textSource.ts';
import { digestOfFile } from '../../runs/disk/fileDigest.ts';
import { parsedUri, trustedTextUri, unknownTextUri } from './textUri.ts';
import { digestOf } from './textDigest.ts';
import { ask } from '../message.ts';

/** What a run goes on with: its text, the same to the byte; the new text of its file; or nothing of it, anew. */
export interface TextChoice {
  readonly kind: 'same' | 'new' | 'anew';
  readonly source: TextSource;
}

/**
 * The text of a run, from its file or from what was kept of it; where its file changed, what the person decides.
 * @returns undefined where the person changed their mind.
 * @throws {InputError} where the run never read a text.
 */
export async function chooseText({ text, settings }: StoredRun, folder: string): Promise<TextChoice | undefined> {
  if (text === undefined) throw new InputError(l10n.t('The run never read its text. Train again on its file.'));
  const uri = trustedTextUri(text.uri) ?? (await askedFor(text.uri));
  const current =
    uri === undefined
      ? l10n.t('The text of the run is at {address}, which was not read.', { address: text.uri })
      : await readTextSource(uri, settings.tokens).catch((error: unknown) => fileReason(error));
  if (typeof current !== 'string' && (await digestOf(current)).sha256 === text.sha256) {
    return { kind: 'same', source: readAs(current, text.encoding) };
  }
  const kept = await keptText(text, folder);
  const problem =
    typeof current === 'string' ? current : l10n.t('{file} changed since the run began.', { file: text.fileName });
  const onOld = l10n.t('Go on with the text as it was');
  const onNew = l10n.t('Continue on the new text');
  const anew = l10n.t('Start anew');
  const answer = await ask(
    problem,
    explain(kept !== undefined, typeof current !== 'string'),
    ...(kept ? [onOld] : []),
    ...(typeof current === 'string' ? [] : [onNew, anew]),
  );
  if (answer === onOld && kept !== undefined) return { kind: 'same', source: kept };
  if (typeof current === 'string' || answer === undefined) return undefined;
  return { kind: answer === onNew ? 'new' : 'anew', source: current };
}

/** Whether an address that a run came with is read: another machine may be asked for it. */
async function askedFor(address: string): Promise<vscode.Uri | undefined> {
  const uri = parsedUri(address);
  if (uri === undefined) return undefined;
  const read = l10n.t('Read it');
  const detail = l10n.t(
    'It is neither a file of this machine nor in a folder that is open. Read it only if you know it.',
  );
  const answer = await ask(l10n.t('The run says that its text is at {address}.', { address }), detail, read);
  return answer === read ? uri : undefined;
}

/** The same bytes are the same text only in the same encoding, whatever the settings say of it now. */
function readAs(source: TextSource, encoding: string | undefined): TextSource {
  if (!('file' in source.content) || encoding === undefined) return source;
  return { ...source, content: { file: { ...source.content.file, encoding } } };
}

function explain(isKept: boolean, isThere: boolean): string {
  const old = isKept
    ? l10n.t('The text as it was is kept with the run: with it the run goes on to the bit.')
    : l10n.t('The text as it was is not kept (rnnInspector.runs.keepTextMB), so the run cannot go on to the bit.');
  if (!isThere) return old;
  const others = l10n.t(
    'Continuing on the new text begins a new run with this network; its vocabulary must hold every character of the text. Starting anew begins with a new network.',
  );
  return `${old} ${others}`;
}

async function keptText(text: NonNullable<StoredRun['text']>, folder: string): Promise<TextSource | undefined> {
  if (!text.isKept) return undefined;
  const path = keptTextPath(folder);
  const digest = await digestOfFile(path).catch(() => undefined);
  if (digest?.sha256 !== text.sha256) return undefined;
  const { encoding, uri, fileName } = text;
  const file = { path, ...(encoding !== undefined && { encoding }) };
  return { uri: trustedTextUri(uri) ?? unknownTextUri(fileName), name: fileName, content: { file } };
}
