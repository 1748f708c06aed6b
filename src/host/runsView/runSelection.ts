import { setTimeout } from 'node:timers/promises';
import type * as vscode from 'vscode';
import type { Node, RunNode } from './runNodes.ts';

/** How long a key waits for the nodes that VS Code is reading, and how often it looks. */
const KNOWN_WITHIN_MS = 1000;
const LOOK_MS = 25;

/**
 * The runs that are selected in the view. While VS Code reads the nodes anew its own selection is empty, although the rows stay
 * selected on the screen: a key pressed then is for the runs that were selected before. Where a row was clicked on in that time, it is told
 * that nothing is selected, and knows which run it was only when the nodes are there again, of which nothing tells.
 */
export class RunSelection implements vscode.Disposable {
  readonly #view: Pick<vscode.TreeView<Node>, 'visible' | 'selection' | 'onDidChangeSelection'>;
  readonly #present: () => readonly RunNode[];
  readonly #subscription: vscode.Disposable;
  /** Their folders: the nodes are made anew with every reading. */
  #folders: ReadonlySet<string> = new Set();
  /** What VS Code said last, that nothing is selected; another thing with every time that it says so. */
  #nothing: object | undefined;

  /** @param present all runs that the view has now. */
  constructor(
    view: Pick<vscode.TreeView<Node>, 'visible' | 'selection' | 'onDidChangeSelection'>,
    present: () => readonly RunNode[],
  ) {
    this.#view = view;
    this.#present = present;
    this.#subscription = view.onDidChangeSelection(({ selection }) => {
      this.#folders = foldersOf(selection);
      this.#nothing = selection.length === 0 ? {} : undefined;
    });
  }

  /** Nothing where the view is not on the screen. */
  get runs(): readonly RunNode[] {
    const { visible, selection } = this.#view;
    if (!visible) return [];
    const folders = selection.length > 0 ? foldersOf(selection) : this.#folders;
    return this.#present().filter(({ summary }) => folders.has(summary.folder));
  }

  /**
   * The same, once it is known: nothing where nothing is selected, where VS Code takes too long, or where a person meanwhile selects
   * something else.
   */
  async known(): Promise<readonly RunNode[]> {
    const nothing = this.#nothing;
    const isUnknown = (): boolean => this.runs.length === 0 && this.#view.visible;
    for (let look = 0; nothing !== undefined && isUnknown() && look < KNOWN_WITHIN_MS / LOOK_MS; look++) {
      await setTimeout(LOOK_MS);
      if (this.#nothing !== nothing) return [];
    }
    return this.runs;
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
