export * from '../runs/textOfRun.ts';
