export * from '../../../protocol/health/summary.ts';
