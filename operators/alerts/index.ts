export { createAlertsOperator } from './alerts.ts';
export type { CameraHealth } from './camera-health.ts';
