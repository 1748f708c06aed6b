export * from '../../../common/windowGrowth.ts';
