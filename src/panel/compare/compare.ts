import '../translated.ts';
import { ToComparison, type FromComparison } from '../../protocol/compare.ts';
import { startPage } from '../page.ts';
import { CompareApp } from './app.ts';
import { CompareState } from './compareState.ts';

startPage<typeof ToComparison, FromComparison>(ToComparison, (root, bridge) => {
  const state = new CompareState(bridge);
  return {
    page: new CompareApp(root, state),
    receive: (message) => state.receive(message),
    refuse: () => state.ask(),
    ask: () => state.ask(),
  };
});
