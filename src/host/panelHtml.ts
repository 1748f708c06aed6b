import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder of the panel's bundles, the only one that its page may load from. */
export function panelRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'panel');
}

/** The page that the panel's script fills. Nothing in it comes from a file or a message. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
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
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${resource('style.css')}">
    <title>RNN Gradient Inspector</title>
  </head>
  <body>
    <main id="panel"></main>
    <script nonce="${nonce}" src="${resource('panel.js')}"></script>
  </body>
</html>`;
}
