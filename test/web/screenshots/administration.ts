import type { Shot } from './shot.ts';

export const shots: readonly Shot[] = [{ name: 'administration', path: '/administration' }];
