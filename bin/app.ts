import { DaybreakApp } from '../lib/deploy/app/daybreak-app.ts';

new DaybreakApp();
