import { App } from './app.ts';
import { Bridge } from './bridge.ts';
import { PanelState } from './state/panelState.ts';

const bridge = new Bridge();
window.addEventListener('error', (event) => bridge.report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => bridge.report(event.reason));

const root = document.getElementById('panel');
if (root === null) throw new Error('The page has no element with the id "panel".');
const state = new PanelState(bridge, root.dataset.panelId);
const app = new App(root, state);
bridge.listen(
  (message) => app.change(() => state.receive(message)),
  () => state.refuse(),
);
state.ask();
