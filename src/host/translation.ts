import * as vscode from 'vscode';
import { useTranslation } from '../common/l10n.ts';
import { translateThreads } from '../threads/translation.ts';

/**
 * The first import of the extension, since tables of words are filled when they are loaded. VS Code has read
 * `l10n/bundle.l10n.LANGUAGE.json` by then, where there is one in the person's language.
 */
const { bundle } = vscode.l10n;
const translation = bundle && { language: vscode.env.language, texts: bundle };
useTranslation(translation);
translateThreads(translation);
