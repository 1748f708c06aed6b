import { l10n } from '../../common/l10n.ts';
import * as vscode from 'vscode';
import type { FileNode, Node, RunNode } from './runNodes.ts';
import {
  hasNotLearnt,
  markdownTable,
  runDescription,
  runRows,
  runSpoken,
  type Standing,
  standingOf,
} from './runWords.ts';
import { trustedTextUri } from '../run/textUri.ts';

/** What VS Code shows of a node. The colours are VS Code's own; no icon is told apart by its colour alone. */
const ICONS: Readonly<Record<Standing, readonly [icon: string, color: string]>> = {
  starting: ['loading~spin', 'charts.blue'],
  running: ['pulse', 'charts.blue'],
  paused: ['debug-pause', 'charts.yellow'],
  finished: ['check', 'charts.green'],
  stopped: ['debug-stop', 'descriptionForeground'],
  failed: ['error', 'charts.red'],
  interrupted: ['warning', 'problemsWarningIcon.foreground'],
  elsewhere: ['lock', 'charts.purple'],
  followed: ['broadcast', 'charts.blue'],
  damaged: ['question', 'charts.red'],
};

/** Of one that ended with nothing learnt: a tick would say that all is well. */
const NOT_LEARNT = ['circle-slash', 'problemsWarningIcon.foreground'] as const;

/** Words by which the manifest's menus choose: `viewItem =~ /\bresumable\b/`. */
function contextValueOf({ summary }: RunNode, standing: Standing): string {
  const { run, checkpoints } = summary;
  if (run === undefined) return 'run damaged';
  const isOurs = run.source === 'inspector';
  const canResume =
    standing === 'paused' || (checkpoints > 0 && ['interrupted', 'stopped', 'failed'].includes(standing));
  return [
    'run',
    'readable',
    standing,
    ...(isOurs && canResume ? ['resumable'] : []),
    ...(isOurs && checkpoints > 0 ? ['forkable'] : []),
    standing === 'elsewhere' ? 'foreign' : run.isPinned ? 'pinned' : 'unpinned',
  ].join(' ');
}

export function itemOf(node: Node, isUnderWay: (folder: string) => boolean, nowMs: number): vscode.TreeItem {
  return node.type === 'file' ? fileItem(node) : runItem(node, isUnderWay(node.summary.folder), nowMs);
}

export function nodeId(node: Node): string {
  return node.type === 'file' ? `file ${node.key}` : `run ${node.summary.folder}`;
}

function fileItem(node: FileNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = nodeId(node);
  const folder = folderText(node.place);
  item.description = folder;
  item.iconPath = new vscode.ThemeIcon(node.key === '' || node.key === 'damaged' ? 'files' : 'file-text');
  item.tooltip = node.key.includes(':') ? decoded(node.key) : node.label;
  item.contextValue = 'file';
  const { length } = node.runs;
  const count = length === 1 ? l10n.t('1 run') : l10n.t('{count} runs', { count: length });
  item.accessibilityInformation = { label: [node.label, folder, count].filter((part) => part !== '').join(', ') };
  return item;
}

/** A folder as it lies in the workspace; nothing where it is the only folder that is open, which goes without saying. */
function folderText(place: string): string {
  if (place === '') return '';
  const open = vscode.workspace.workspaceFolders ?? [];
  const same = open.find(({ uri }) => uri.path === place);
  if (same === undefined) return vscode.workspace.asRelativePath(place, true);
  return open.length === 1 ? '' : same.name;
}

function runItem(node: RunNode, isUnderWayHere: boolean, nowMs: number): vscode.TreeItem {
  const { summary } = node;
  const standing = standingOf(summary, isUnderWayHere);
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.None);
  item.id = nodeId(node);
  item.description = runDescription(summary, standing, nowMs, node);
  const { run } = summary;
  const hasEnded = standing === 'finished' || standing === 'stopped';
  const [icon, color] = hasEnded && run !== undefined && hasNotLearnt(run) ? NOT_LEARNT : ICONS[standing];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.tooltip = new vscode.MarkdownString(markdownTable(node.label, runRows(summary, standing)));
  item.contextValue = contextValueOf(node, standing);
  item.accessibilityInformation = { label: runSpoken(summary, standing, nowMs, node) };
  item.command = { command: 'rnnInspector.runs.open', title: l10n.t('Open'), arguments: [node] };
  return item;
}

function decoded(uri: string): string {
  const parsed = trustedTextUri(uri);
  return parsed?.scheme === 'file' ? parsed.fsPath : uri;
}
