import type { FieldError } from '../../../engine/config/check-camera.ts';

/** A request about a camera that is refused, with the HTTP status and what is wrong with each field. */
export class CameraRefusal extends Error {
  readonly status: 400 | 409 | 412 | 422 | 429 | 500;
  readonly errors: readonly FieldError[];

  constructor(status: CameraRefusal['status'], ...errors: readonly FieldError[]) {
    super(errors.map(({ message }) => message).join(' '));
    this.status = status;
    this.errors = errors;
  }
}
