import { ToComparison, type FromComparison } from '../../protocol/compare.ts';
import { PageBridge } from '../pageBridge.ts';
import { CompareApp } from './app.ts';
import { CompareState } from './compareState.ts';

const bridge = new PageBridge<typeof ToComparison, FromComparison>(ToComparison);
window.addEventListener('error', (event) => bridge.report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => bridge.report(event.reason));

const root = document.getElementById('panel');
if (root === null) throw new Error('The page has no element with the id "panel".');
const state = new CompareState(bridge);
const app = new CompareApp(root, state);
bridge.listen(
  (message) => app.change(() => state.receive(message)),
  () => state.ask(),
);
state.ask();
