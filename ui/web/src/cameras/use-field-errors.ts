import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FieldError } from '../../../cameras.ts';
import type { FormValues } from './form-values.ts';

/** Of several that are wrong the first in this order is gone to. */
const ORDER = ['id', 'url', 'user', 'password', 'fps', 'view', 'freshness', 'transport', 'pace'];
/** What decides which picture comes. */
const SOURCE = ['address', 'user', 'password', 'kept', 'transport'];
/** Where a source that is wrong may be told. */
const SOURCE_FIELDS = ['url', 'user', 'password', ''];

/** What the server found wrong, until the field is changed. After each answer the first wrong field is gone to, and never in between. */
export function useFieldErrors(form: RefObject<HTMLFormElement | null>) {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [answers, setAnswers] = useState(0);
  useEffect(() => goToFirst(form.current, errors), [answers]);
  return {
    errors,
    answer: (found: readonly FieldError[]) => {
      setErrors(found);
      setAnswers((count) => count + 1);
    },
    forget: (next: Partial<FormValues>) => setErrors(errors.filter(({ field }) => !touches(next, field))),
  };
}

/** Whether another picture may come with these values. */
export function changesSource(next: Partial<FormValues>): boolean {
  return SOURCE.some((key) => key in next);
}

/** What is wrong with no field in particular. */
export function generalProblem(errors: readonly FieldError[]): string {
  const general = errors.filter(({ field }) => !ORDER.includes(field));
  return general.map(({ message }) => message).join(' ');
}

function touches(next: Partial<FormValues>, field: string): boolean {
  return field in next || (changesSource(next) && SOURCE_FIELDS.includes(field));
}

function goToFirst(form: HTMLFormElement | null, errors: readonly FieldError[]): void {
  const first = ORDER.find((name) => errors.some(({ field }) => field === name));
  if (first !== undefined) form?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
}
