import type * as vscode from 'vscode';
import type { Node, RunNode } from './runNodes.ts';

/**
 * The runs that are selected in the view. While VS Code reads the nodes anew its own selection is empty, although the rows stay
 * selected on the screen: a key pressed then is for the runs that were selected before.
 */
export class RunSelection implements vscode.Disposable {
  readonly #view: Pick<vscode.TreeView<Node>, 'visible' | 'selection' | 'onDidChangeSelection'>;
  readonly #present: () => readonly RunNode[];
  readonly #subscription: vscode.Disposable;
  /** Their folders: the nodes are made anew with every reading. */
  #folders: ReadonlySet<string> = new Set();

  /** @param present all runs that the view has now. */
  constructor(
    view: Pick<vscode.TreeView<Node>, 'visible' | 'selection' | 'onDidChangeSelection'>,
    present: () => readonly RunNode[],
  ) {
    this.#view = view;
    this.#present = present;
    this.#subscription = view.onDidChangeSelection(({ selection }) => {
      this.#folders = foldersOf(selection);
    });
  }

  /** Nothing where the view is not on the screen. */
  get runs(): readonly RunNode[] {
    const { visible, selection } = this.#view;
    if (!visible) return [];
    const folders = selection.length > 0 ? foldersOf(selection) : this.#folders;
    return this.#present().filter(({ summary }) => folders.has(summary.folder));
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function foldersOf(nodes: readonly Node[]): ReadonlySet<string> {
  return new Set(runsIn(nodes).map(({ summary }) => summary.folder));
}

/** A file does not stand for its runs: one key would delete them all. */
export function runsIn(nodes: readonly Node[]): readonly RunNode[] {
  return nodes.filter((node) => node.type === 'run');
}
