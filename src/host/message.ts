import * as vscode from 'vscode';
import { messageText } from './messageText.ts';

/**
 * Everything that the extension tells a person in a notification or asks in a dialog. Each resolves with the button that was pressed, or
 * undefined.
 */

export function tell(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(messageText(message), ...buttons);
}

export function warn(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(messageText(message), ...buttons);
}

/** For what a person asked for and cannot have. */
export function refuse(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(messageText(message), ...buttons);
}

/** The message of something that was thrown, as {@link refuse}. */
export function refuseFor(error: unknown): void {
  void refuse(error instanceof Error ? error.message : String(error));
}

/** A dialog that must be answered before anything else. */
export function ask(question: string, detail: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  const options = { modal: true, detail: messageText(detail) };
  return vscode.window.showWarningMessage(messageText(question), options, ...buttons);
}

/**
 * Does work under a notification that says what is being done.
 * @param cancel where a person may end it: asks the work to, which still settles by itself.
 */
export function underNotification<R>(doing: string, work: () => Promise<R>, cancel?: () => void): Thenable<R> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: messageText(doing),
    cancellable: cancel !== undefined,
  };
  return vscode.window.withProgress(options, (_, token) => {
    if (cancel !== undefined) token.onCancellationRequested(cancel);
    return work();
  });
}
