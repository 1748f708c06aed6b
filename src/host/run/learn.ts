import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import type { CellName } from '../../network/cells.ts';
import { networkOf } from '../../network/network.ts';
import { startByHand } from './byHand.ts';
import type { TrainCommand } from './trainCommand.ts';

/** The cells that the tour is for, the one of the derivation first. */
const CELLS_TO_LEARN: readonly { readonly cell: CellName; readonly label: string; readonly detail: string }[] = [
  {
    cell: 'tanh',
    label: 'tanh',
    detail: l10n.t('The cell of the derivation: begin here.'),
  },
  {
    cell: 'lstm',
    label: 'LSTM',
    detail: l10n.t('The same tour through gates and a memory.'),
  },
];

/** Asks for a cell, begins a run by hand on a few words, which waits at iteration 0, and opens the tour through its first window. */
export async function learn(train: TrainCommand): Promise<void> {
  const items = CELLS_TO_LEARN.map((one) => ({
    ...one,
    description: l10n.t('{count} steps back through each time step', {
      count: networkOf({ cell: one.cell, layers: 1 }).steps.length,
    }),
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: l10n.t('Learn: backpropagation through time'),
    placeHolder: l10n.t('Through which cell?'),
  });
  if (choice === undefined) return;
  const panel = await startByHand(train, choice.cell);
  if (panel === undefined) return;
  // The keyboard goes from the text to the first question.
  panel.focus();
  panel.tell({ type: 'openTour' });
}
