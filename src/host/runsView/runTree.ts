import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { Coalesced } from '../coalesced.ts';
import type { RunHost } from './runHost.ts';
import { itemOf, nodeId } from './runItems.ts';
import { type FileNode, type Node, nodesOf, type RunNode } from './runNodes.ts';

/** Their texts take a few milliseconds. */
const NODES_AT_ONCE = 50;

/** What the view shows, read from disk at `refresh`; it tells of a change only where something looks different. */
export class RunTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #host: RunHost;
  readonly #report: (error: unknown) => void;
  readonly #now: () => number;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #read: Coalesced;
  #files: readonly FileNode[] | undefined;
  #problem: string | undefined;
  #shown = '';
  #waiting: (() => void)[] = [];

  /** @param report is told why a library cannot be listed. */
  constructor(host: RunHost, report: (error: unknown) => void, now: () => number = Date.now) {
    this.#host = host;
    this.#report = report;
    this.#now = now;
    this.#read = new Coalesced(() => this.#readAll());
    this.#owned.add(host.onDidChange(() => void this.refresh()));
  }

  /** Why not all runs are here. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get runs(): readonly RunNode[] {
    return (this.#files ?? []).flatMap(({ runs }) => runs);
  }

  /** Resolves when what is on disk now is shown. */
  refresh(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#read.ask();
    });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return node.type === 'file' ? [...node.runs] : [];
    if (this.#files === undefined) await this.refresh();
    return [...(this.#files ?? [])];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node, (folder) => this.#host.isUnderWay(folder), this.#now());
  }

  getParent(node: Node): Node | undefined {
    return node.type === 'run' ? node.file : undefined;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #readAll(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    try {
      await this.#readInto();
    } finally {
      for (const resolve of waiting) resolve();
    }
  }

  async #readInto(): Promise<void> {
    const problems: string[] = [];
    const found = await Promise.all(
      this.#host.libraries().map(async (library) => {
        try {
          return { library, summaries: await library.list() };
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
          return { library, summaries: [] };
        }
      }),
    );
    const isFirst = this.#files === undefined;
    this.#files = nodesOf(found);
    const problem = problems.length === 0 ? undefined : problems.join(' ');
    if (problem !== undefined && problem !== this.#problem) this.#report(problem);
    this.#problem = problem;
    const shown = await this.#appearance();
    // The first time VS Code is waiting for what was read.
    if (shown !== this.#shown && !isFirst) this.#changed.fire(undefined);
    this.#shown = shown;
  }

  /** Everything that VS Code would show, to be compared. */
  async #appearance(): Promise<string> {
    const nodes = (this.#files ?? []).flatMap((file): Node[] => [file, ...file.runs]);
    const digest = createHash('sha1').update(this.#problem ?? '');
    for (const [at, node] of nodes.entries()) {
      // There may be ten thousand of them, and other extensions wait meanwhile.
      if (at % NODES_AT_ONCE === NODES_AT_ONCE - 1) await setImmediate();
      const { label, description, tooltip, contextValue, iconPath } = this.getTreeItem(node);
      const text = tooltip instanceof vscode.MarkdownString ? tooltip.value : tooltip;
      digest.update(JSON.stringify([nodeId(node), label, description, text, contextValue, iconPath]));
    }
    return digest.digest('hex');
  }
}
