import type { z } from 'zod';

/** The keys that a schema knows at a path. */
export function keysAt(schema: z.core.$ZodType, [head, ...rest]: readonly PropertyKey[]): readonly string[] {
  const def = schema._zod.def as {
    type: string;
    /** Of what is changed after it was read. */
    in?: z.core.$ZodType;
    /** Of what may be one of several things. */
    options?: readonly z.core.$ZodType[];
    innerType?: z.core.$ZodType;
    element?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
  };
  const path = head === undefined ? [] : [head, ...rest];
  if (def.options !== undefined) return def.options.flatMap((option) => keysAt(option, path));
  const inner = def.innerType ?? def.in;
  if (inner !== undefined) return keysAt(inner, path);
  if (def.shape === undefined && def.element === undefined) return [];
  if (head === undefined) return Object.keys(def.shape ?? {});
  const next = def.element ?? def.shape?.[String(head)];
  return next === undefined ? [] : keysAt(next, rest);
}
