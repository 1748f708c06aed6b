export * from '../../../protocol/health/thresholds.ts';
