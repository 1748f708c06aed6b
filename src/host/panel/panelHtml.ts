import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { translationElement } from './translationElement.ts';

/** What every page of ours is allowed and looks like, before it is filled with its HTML. */
export function preparePanel(webviewPanel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [panelRoot(extensionUri)] };
  webviewPanel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
    dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
  };
}

/** The folder of the panel's bundles, the only one that its page may load from. */
function panelRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'panel');
}

/** A script of the panel's folder and the name of its page. */
export interface Page {
  readonly script: string;
  readonly title: string;
}
const RUN_PAGE: Page = { script: 'panel.js', title: 'RNN Gradient Inspector' };
export const COMPARE_PAGE: Page = { script: 'compare.js', title: l10n.t('Comparison of runs') };

/**
 * The page that its script fills. But for the translation, which is ours, nothing in it comes from a file or a message.
 * @param panelId by which the panel of a run is known after a reload; the page remembers it.
 */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page = RUN_PAGE, panelId = ''): string {
  const nonce = randomBytes(16).toString('base64');
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(panelRoot(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    'img-src data: blob:',
  ].join('; ');
  return `<!doctype html>
<html lang="${l10n.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${resource('style.css')}">
    <title>${page.title}</title>
  </head>
  <body>
    <main id="panel" data-panel-id="${panelId}"></main>${translationElement(l10n.translation, nonce)}
    <script nonce="${nonce}" src="${resource(page.script)}"></script>
  </body>
</html>`;
}
