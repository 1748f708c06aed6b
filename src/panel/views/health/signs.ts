export * from '../../../protocol/health/signs.ts';
